using System.Collections.Immutable;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;

namespace Dom0Image.Nightly;

/// <summary>A run of the target Nightly, from its first step on.</summary>
/// <param name="options">What the user chose.</param>
/// <param name="places">Where it publishes.</param>
/// <param name="repository">The checkout.</param>
internal sealed class Night(BuildOptions options, Places places, string repository)
{
    public BuildOptions Options { get; } = options;

    public Places Places { get; } = places;

    public string Repository { get; } = repository;

    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    /// <summary>What hosts booted when it began; null for nothing.</summary>
    public string? Before { get; } = CurrentState.Booted(places);

    /// <summary>What became of what it built; null as long as it is not booted.</summary>
    public NightPublication? Publication { get; set; }

    /// <summary>Begins one.</summary>
    /// <exception cref="BuildFailedException">The options are those of a person who decides something.</exception>
    public static Night Begin(BuildOptions options, Places places, string repository)
        => options.Generation is null && !options.Resume
            ? new Night(options, places, repository)
            : throw new BuildFailedException(new Diagnostic("Nightly takes neither --generation nor --resume: a timer would say them again each night")
            {
                Hint = "--target=Publish takes them.",
            });
}

/// <summary>What became of the generation that a night built and booted.</summary>
/// <param name="Outcome">One of those of a night that did not fail.</param>
/// <param name="Why">Why it is not published; null where it is.</param>
internal sealed record NightPublication(NightOutcome Outcome, string? Why = null)
{
    /// <summary>The commands that publish it; empty where there is nothing to do.</summary>
    public ImmutableArray<string> Next { get; init; } = [];

    public ImmutableArray<EditConflict> Conflicts { get; init; } = [];

    /// <summary>Ids of generations that were deleted since nobody needs them.</summary>
    public ImmutableArray<string> Deleted { get; init; } = [];
}

/// <summary>How a night ended.</summary>
internal enum NightOutcome
{
    Published,

    /// <summary>What it made is what hosts boot already.</summary>
    NothingNew,

    /// <summary>The site has people publish.</summary>
    Ready,

    /// <summary>Ready, and held since somebody went back.</summary>
    Held,

    /// <summary>Ready, and an edit and the base differ.</summary>
    Conflict,

    Failed,

    /// <summary>A signal ended it.</summary>
    Interrupted,
}

/// <summary>What a timer or CI is told of it.</summary>
internal static class NightExit
{
    /// <summary>The exit code of the command.</summary>
    public static int CodeOf(NightOutcome outcome, int signal = 0) => outcome switch
    {
        NightOutcome.Published or NightOutcome.NothingNew => 0,
        NightOutcome.Ready or NightOutcome.Held => 3,
        NightOutcome.Conflict => 4,
        NightOutcome.Interrupted => signal,
        _ => 1,
    };

    /// <summary>Whether somebody is to be told at once: it failed, or only a person can settle it. Not that a person was to publish, or ended it.</summary>
    public static bool Alarms(NightOutcome outcome) => outcome is NightOutcome.Failed or NightOutcome.Conflict;
}
