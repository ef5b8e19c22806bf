using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pruning.Keepers;

namespace Dom0Image.Pruning;

/// <summary>Which generations go, and why the others stay.</summary>
/// <param name="Doomed">Those that nothing keeps, oldest first.</param>
/// <param name="Kept">The others, newest first, with their first reason.</param>
/// <param name="Freed">Bytes of content that no generation has that stays.</param>
internal sealed record PrunePlan(ImmutableArray<GenerationInfo> Doomed, ImmutableArray<Kept> Kept, long Freed)
{
    /// <summary>Asks all keepers.</summary>
    public static PrunePlan Of(PruneScene scene)
    {
        var reasons = IKeeper.All.SelectMany(keeper => keeper.Keep(scene)).ToLookup(kept => kept.Generation);
        var standing = scene.Generations.ToLookup(kept => reasons.Contains(kept.Info.Id), kept => kept.Info);
        return new PrunePlan(
            [.. standing[false].Reverse()],
            [.. standing[true].Select(info => reasons[info.Id].First())],
            OwnContent.Of(scene.Places, standing[false], standing[true]));
    }

    /// <summary>What will be done, in lines for the user.</summary>
    public IEnumerable<string> Lines()
        => Kept.Select(kept => $"{kept.Generation} is kept: {kept.Why}")
            .Concat(Doomed.Select(info => $"{info.Id} will be deleted: made on {info.Created:yyyy-MM-dd}, {HumanText.Size(info.Bytes)}"))
            .Concat(Doomed.IsEmpty ? [] : [$"{HumanText.Size(Freed)} of that is in no generation that stays"]);
}
