using System.Globalization;

namespace Dom0Image.Pruning.Keepers;

/// <summary>What an address loaded last. How long ago does not count: a client can stand still for months.</summary>
internal sealed class ClientKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
        => scene.Clients.Clients.Select(client => new Kept(client.Value.Generation, $"{client.Key} loaded it last, on {client.Value.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, and may run it; if it is gone: --gone={client.Key}"));
}
