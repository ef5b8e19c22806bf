using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;
using Dom0Image.Recipes;

namespace Dom0Image.BootTesting.Checks;

/// <summary>What was found of services, by the console and by the client itself, made one result for each service.</summary>
internal static class ServiceChecks
{
    private const string Prefix = "service ";
    private const int LinesTold = 10;

    /// <summary>The result of a service that failed.</summary>
    public static CheckResult Failed(FailedService service) => new($"{Prefix}{service.Name}", false, "failed") { Lines = service.Lines };

    /// <summary>The service that a result is about; null for other checks.</summary>
    public static string? ServiceOf(CheckResult check) => check.Name.StartsWith(Prefix, StringComparison.Ordinal) ? check.Name[Prefix.Length..] : null;

    /// <summary>Names of the services that failed.</summary>
    public static ImmutableArray<string> NamesIn(IEnumerable<CheckResult> checks) => [.. checks.Select(ServiceOf).OfType<string>().Distinct()];

    /// <summary>
    /// One result for each service, passed for one that the recipe lets fail; and of the writes to a read-only place only
    /// those that no failed service told of.
    /// </summary>
    /// <param name="checks">All that was found on one client.</param>
    /// <param name="mayFail">What the recipe says.</param>
    public static ImmutableArray<CheckResult> Settle(ImmutableArray<CheckResult> checks, ImmutableArray<MayFail> mayFail)
    {
        var services = checks.Where(c => ServiceOf(c) is not null).GroupBy(c => c.Name).Select(g => Settle(g, mayFail)).ToList();
        var told = services.Where(s => !s.Passed).SelectMany(s => s.Lines).Select(LogLine.Essence).ToHashSet();
        var seen = new HashSet<string>();
        return
        [
            .. checks.Where(c => ServiceOf(c) is null && (c.Passed || !LogLine.TellsOfReadOnly(c.Detail) || (!told.Contains(LogLine.Essence(c.Detail)) && seen.Add(LogLine.Essence(c.Detail))))),
            .. services,
        ];
    }

    private static CheckResult Settle(IGrouping<string, CheckResult> one, ImmutableArray<MayFail> mayFail)
    {
        var failed = one.First() with { Lines = [.. one.SelectMany(c => c.Lines).DistinctBy(LogLine.Essence).TakeLast(LinesTold)] };
        return mayFail.FirstOrDefault(m => m.Service == ServiceOf(failed)) is { } allowed
            ? failed with { Passed = true, Detail = $"failed, as it may: {allowed.Reason}" }
            : failed;
    }
}
