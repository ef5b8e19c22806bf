using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.BootLab.Report;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab;

/// <summary>What is to be booted, and how.</summary>
internal sealed record BootTestPlan
{
    /// <summary>Where it will be served.</summary>
    public required Site Site { get; init; }

    /// <summary>What the image is.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The generation on disk, finished and not yet published. It is only read.</summary>
    public required GenerationTree Generation { get; init; }

    /// <summary>The generation as menus name it.</summary>
    public required GenerationBoot Boot { get; init; }

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

    /// <summary>Gets the report, its pictures and all logs; is made when it is not there.</summary>
    public required string ReportDirectory { get; init; }

    /// <summary>Factor for the time limits of steps, on top of what the number of clients asks for.</summary>
    public double Patience { get; init; } = 1;
}
