namespace Dom0Image.Pruning.Keepers;

/// <summary>The newest of each recipe.</summary>
internal sealed class NewestKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
        => scene.Generations.GroupBy(kept => kept.Info.Recipe).SelectMany(recipe => recipe.Take(scene.Newest).Select(kept => new Kept(kept.Info.Id, $"it is one of the {scene.Newest} newest of recipe {recipe.Key}")));
}
