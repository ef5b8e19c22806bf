using System.Collections.Immutable;
using Dom0Image.BootLab;
using Dom0Image.BootTesting.Report;

namespace Dom0Image.BootTesting;

/// <summary>What earlier tests of a generation proved, and what is still to be booted.</summary>
/// <param name="Proved">Of the plan's scenarios those that passed as they would be booted now; null where there are none.</param>
/// <param name="Missing">The others that the plan asks for.</param>
internal sealed record BootTestProgress(BootReport? Proved, ImmutableArray<BootScenario> Missing)
{
    /// <summary>Looks at the report that was kept.</summary>
    public static BootTestProgress Of(BootTestPlan plan)
    {
        var keys = BootTestKey.Of(plan);
        var proved = BootReport.Find(plan.ReportDirectory)?.Proving(keys);
        return new BootTestProgress(proved, [.. plan.Scenarios.Where(scenario => proved?.Keys.ContainsKey(scenario.Name) != true)]);
    }
}
