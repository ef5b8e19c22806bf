namespace Dom0Image.BootLab;

/// <summary>
/// What is changed of a lab before its clients are switched on: the faults of tests that want to see them found, and what benchmarks
/// compare. A build changes nothing, so that this is no part of a plan.
/// </summary>
internal sealed record LabChanges
{
    public static LabChanges None { get; } = new();

    /// <summary>Changes the lab's copy of the root, given its path.</summary>
    public Action<string> Root { get; init; } = _ => { };

    /// <summary>Changes the site of each scenario.</summary>
    public Func<LabSite, LabSite> Site { get; init; } = site => site;

    /// <summary>Changes what the servers are fed with; called for each scenario.</summary>
    public Action<LabFiles> Files { get; init; } = _ => { };

    /// <summary>Changes the lab itself.</summary>
    public Func<LabSetup, LabSetup> Setup { get; init; } = setup => setup;
}
