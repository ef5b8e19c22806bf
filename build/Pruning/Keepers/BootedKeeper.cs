using Dom0Image.Generations;

namespace Dom0Image.Pruning.Keepers;

/// <summary>What hosts boot now, and what the links lead to.</summary>
internal sealed class BootedKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
    {
        var links = CurrentState.Read(scene.Places);
        return new[] { scene.Booted, links.Root, links.Kernels, links.Hypervisors }.OfType<string>().Distinct().Select(id => new Kept(id, "hosts boot it"));
    }
}
