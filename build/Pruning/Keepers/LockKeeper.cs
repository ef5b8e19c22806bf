namespace Dom0Image.Pruning.Keepers;

/// <summary>What a recipe's lock file names.</summary>
internal sealed class LockKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
        => Directory.Exists(scene.Recipes)
            ? Directory.GetFiles(scene.Recipes, "*.lock").SelectMany(file => NamedIn.Of(file, scene.Generations).Select(id => new Kept(id, $"{Path.GetFileName(file)} names it")))
            : [];
}
