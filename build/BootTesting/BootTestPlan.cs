using System.Collections.Immutable;
using Dom0Image.BootLab;
using Dom0Image.BootTesting.Report;

namespace Dom0Image.BootTesting;

/// <summary>What is to be booted, and in which ways.</summary>
internal sealed record BootTestPlan : LabSubject
{
    /// <summary>Ways to boot in this test.</summary>
    public required ImmutableArray<BootScenario> Scenarios { get; init; }

    /// <summary>All ways to boot that a full test has; those of this test when nothing else is said.</summary>
    public ImmutableArray<BootScenario> All
    {
        get => field.IsDefault ? Scenarios : field;
        init;
    }

    /// <summary>What earlier tests of this generation proved, and stays in the report; null for nothing.</summary>
    public BootReport? Proved { get; init; }

    /// <summary>How many clients may run at once, all scenarios together; null for what the machine has room for.</summary>
    public int? ClientsAtOnce { get; init; }

    /// <summary>What is not tested and why, a line for the user each.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];
}
