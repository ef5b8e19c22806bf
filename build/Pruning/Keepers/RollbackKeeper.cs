using Dom0Image.Generations;

namespace Dom0Image.Pruning.Keepers;

/// <summary>What the next rollback goes back to, and what one holds.</summary>
internal sealed class RollbackKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
    {
        var assembler = new GenerationAssembler(scene.Places);
        if (scene.Booted is { } booted && scene.Journal.Before(booted, assembler.Exists) is { } before)
        {
            yield return new Kept(before, "a rollback goes back to it");
        }

        if (PublicationHold.Find(scene.Places) is { } hold)
        {
            yield return new Kept(hold.Generation, "it is held");
        }
    }
}
