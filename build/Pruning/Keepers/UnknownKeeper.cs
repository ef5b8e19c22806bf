using Dom0Image.Generations;

namespace Dom0Image.Pruning.Keepers;

/// <summary>
/// What was published while it is not known what each client loaded. What never was published no client has; and of what was published
/// and replaced while each load was logged, <see cref="ClientKeeper"/> knows who may run it.
/// </summary>
internal sealed class UnknownKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
        => scene.UnknownGone ? [] : scene.Generations.Select(kept => kept.Info).Select(info => (info.Id, Why: Why(scene, info))).Where(unknown => unknown.Why is not null).Select(unknown => new Kept(unknown.Id, $"{unknown.Why}; if no client runs it: --yes-unknown"));

    private static string? Why(PruneScene scene, GenerationInfo generation)
    {
        var entries = scene.Journal.Entries;
        var published = entries.Where(entry => entry.Generation == generation.Id).Select(entry => entry.At).ToList();
        if (published.Count == 0)
        {
            return generation.Created >= scene.Journal.Began ? null : "it is older than the journal of publications, and whether clients run it is not known";
        }

        var replaced = entries.Where(entry => entry.Generation != generation.Id && entry.At >= published[^1]).Select(entry => (DateTimeOffset?)entry.At).FirstOrDefault();
        return replaced is { } until && scene.Clients.Covers(published[0], until) ? null
            : scene.Clients.Log is null ? "it was published, and there is no log of the TFTP server that says who loaded it"
            : "it was published, and the log of the TFTP server does not say of all that time who loaded what";
    }
}
