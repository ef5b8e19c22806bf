using System.Collections.Immutable;

namespace Dom0Image.Reporting;

/// <summary>How a stage of this run ended, for the summary.</summary>
/// <param name="Name">As the user knows it, such as <c>base layer</c>.</param>
/// <param name="Took">Wall-clock time.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Facts">What the stage says of its result.</param>
internal sealed record StageRecord(string Name, TimeSpan Took, StageOutcome Outcome, StageFacts Facts)
{
    /// <summary>Why it failed, a text for each thing that is wrong; empty where it did not.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];
}

/// <summary>How a stage ended.</summary>
internal enum StageOutcome
{
    /// <summary>It was done in this run.</summary>
    Made,

    /// <summary>Its inputs did not change: the result was there already.</summary>
    Cached,

    /// <summary>It was done, and is in each run: it makes nothing that lasts.</summary>
    Checked,

    /// <summary>It was left out, and the user should know.</summary>
    Skipped,

    Failed,

    /// <summary>The user ended it.</summary>
    Interrupted,
}

/// <summary>What a stage says of its result.</summary>
internal sealed record StageFacts
{
    /// <summary>Whether the result was there already.</summary>
    public bool Cached { get; init; }

    /// <summary>Whether the stage makes nothing that lasts: that it ran does not mean that something changed.</summary>
    public bool ChecksOnly { get; init; }

    /// <summary>What it was made from, in a few words, such as <c>trixie, 214 packages</c>.</summary>
    public string From { get; init; } = "";

    /// <summary>Size of the result in bytes; null when it says nothing.</summary>
    public long? Bytes { get; init; }
}
