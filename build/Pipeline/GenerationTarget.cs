using System.Collections.Immutable;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>The generation that this run is about, new or not.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Key over what it is made from.</param>
/// <param name="Accounts">Which ids its accounts have.</param>
/// <param name="Staged">The generation itself, composed and sealed; null where it stands already.</param>
internal sealed record GenerationTarget(string Id, StageKey Key, AccountPlan Accounts, StagedGeneration? Staged)
{
    /// <summary>Where its edits and its base cannot both be had, and nobody decided yet: it stands, and is not published by itself.</summary>
    public ImmutableArray<EditConflict> Conflicts { get; init; } = [];
}
