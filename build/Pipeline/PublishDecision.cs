using System.Collections.Immutable;
using Dom0Image.CommandLine;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>What becomes of a generation that was built and booted.</summary>
internal enum PublishVerdict
{
    Publish,

    /// <summary>It is ready: a person publishes it.</summary>
    ByHand,

    /// <summary>It is ready: somebody went back to another one, and has not said to go on.</summary>
    Held,

    /// <summary>It is ready with the base's state where an edit and the base differ: a person decides.</summary>
    Conflict,
}

/// <summary>Whether a generation that was built and booted is published.</summary>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Hold">What holds it; null where nothing does.</param>
internal sealed record PublishDecision(PublishVerdict Verdict, PublicationHold? Hold = null)
{
    /// <summary>Decides.</summary>
    /// <param name="options">What the user chose.</param>
    /// <param name="places">Where it would be published.</param>
    /// <param name="conflicts">What nobody has decided yet.</param>
    /// <param name="way">Auto where a person asked for it.</param>
    /// <exception cref="Diagnostics.BuildFailedException">Whether it is held is not known.</exception>
    public static PublishDecision Of(BuildOptions options, Places places, ImmutableArray<EditConflict> conflicts, PublishWay way)
        => !conflicts.IsEmpty ? new(PublishVerdict.Conflict)
            : HoldOf.Build(options, places) is { } hold ? new(PublishVerdict.Held, hold)
            : new(way is PublishWay.Auto ? PublishVerdict.Publish : PublishVerdict.ByHand);
}
