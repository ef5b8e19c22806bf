using Dom0Image.Generations;

namespace Dom0Image.Pruning.Keepers;

/// <summary>What an edit session has below it: whatever its <c>.session</c> names, however that is written.</summary>
internal sealed class SessionKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
    {
        var edits = scene.Places.OnDisk($"{Places.State}/edits");
        return Directory.Exists(edits)
            ? Directory.GetDirectories(edits).SelectMany(recipe => NamedIn.Of(Path.Combine(recipe, ".session"), scene.Generations).Select(id => new Kept(id, $"an edit session of recipe {Path.GetFileName(recipe)} has it below it")))
            : [];
    }
}
