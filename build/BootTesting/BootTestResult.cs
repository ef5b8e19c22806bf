using System.Collections.Immutable;
using System.Net;
using Dom0Image.Boot.Tftp;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting.Report;
using Dom0Image.Recipes;

namespace Dom0Image.BootTesting;

/// <summary>How a boot test went.</summary>
/// <param name="Generation">What was booted.</param>
/// <param name="Keys">Key over all that a scenario depends on, by the scenario's name; those that were not booted, too.</param>
/// <param name="Acceleration">How the clients' processors were run.</param>
/// <param name="Scenarios">Outcomes, in the order they were run.</param>
internal sealed record BootTestResult(string Generation, ImmutableSortedDictionary<string, string> Keys, Acceleration Acceleration, ImmutableArray<ScenarioOutcome> Scenarios)
{
    /// <summary>Whether every client booted and proved all.</summary>
    public bool Passed => Scenarios.All(s => s.Passed);

    /// <summary>Everything that went wrong: each cause once, with the clients that saw it.</summary>
    public ImmutableArray<BootProblem> Problems => BootProblem.Of(Scenarios);

    /// <summary>What earlier tests of the generation proved; null for nothing.</summary>
    public BootReport? Proved { get; init; }

    /// <summary>What the recipe lets fail.</summary>
    public ImmutableArray<MayFail> MayFail { get; init; } = [];
}

/// <summary>How one scenario went.</summary>
/// <param name="Scenario">What was booted.</param>
/// <param name="Clients">Each client's outcome.</param>
/// <param name="Load">Load average of the machine when it started.</param>
internal sealed record ScenarioOutcome(BootScenario Scenario, ImmutableArray<ClientOutcome> Clients, double Load)
{
    /// <summary>Whether all clients booted and proved all.</summary>
    public bool Passed => Problems.IsEmpty;

    /// <summary>Everything that went wrong, one line each.</summary>
    public ImmutableArray<string> Problems => [.. Clients.SelectMany(c => c.Problems.Select(p => $"{c.HostName}: {p}"))];
}

/// <summary>How one client's boot went.</summary>
/// <param name="HostName">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Course">Its steps.</param>
/// <param name="Checks">What it had to prove; empty when it did not get to a log-in.</param>
/// <param name="Facts">What was measured inside.</param>
/// <param name="Traffic">Bytes over the network up to the log-in prompt.</param>
/// <param name="Files">Files it asked for over TFTP.</param>
internal sealed record ClientOutcome(
    string HostName,
    IPAddress Address,
    BootCourse Course,
    ImmutableArray<CheckResult> Checks,
    ImmutableDictionary<string, string> Facts,
    TrafficCount Traffic,
    ImmutableArray<TftpRequest> Files)
{
    /// <summary>Everything that went wrong, one line each.</summary>
    public ImmutableArray<string> Problems
        => Course.Failure is { } failure
            ? [$"{$"{failure}".TrimEnd('.', ' ')}. {failure.Hint}"]
            : [.. Checks.Where(c => !c.Passed).Select(c => $"{c.Name}: {c.Detail}")];
}
