using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.Auditing;

/// <summary>What a recipe needs so that its clients can write what they were seen to write.</summary>
/// <param name="Lines">Lines for the flash list, in order of their paths.</param>
/// <param name="Uncovered">What no line covers.</param>
internal sealed record FlashProposal(ImmutableArray<ProposedLine> Lines, ImmutableArray<UncoveredWrite> Uncovered)
{
    /// <summary>Nothing was written.</summary>
    public static FlashProposal None { get; } = new([], []);

    /// <summary>The limit that the list needs with these lines, in bytes; null when the one it has is enough.</summary>
    public long? Size { get; init; }
}

/// <summary>A line for a flash list.</summary>
/// <param name="Entry">The line.</param>
/// <param name="Writes">What it covers.</param>
internal sealed record ProposedLine(FlashEntry Entry, ImmutableArray<AuditedWrite> Writes);

/// <summary>A write that no line covers.</summary>
/// <param name="Write">The write.</param>
/// <param name="Why">Why not.</param>
internal sealed record UncoveredWrite(AuditedWrite Write, string Why);
