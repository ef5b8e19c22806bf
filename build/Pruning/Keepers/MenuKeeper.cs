using System.Globalization;
using Dom0Image.Generations;

namespace Dom0Image.Pruning.Keepers;

/// <summary>What any menu names: of the current set, and of those that were replaced and are still there, which a client may have on its screen.</summary>
internal sealed class MenuKeeper : IKeeper
{
    /// <inheritdoc/>
    public IEnumerable<Kept> Keep(PruneScene scene)
    {
        var menus = scene.Places.OnDisk(Places.Menus);
        return Directory.Exists(menus)
            ? Directory.GetDirectories(menus).SelectMany(set => MenuReading.GenerationsIn(set).Select(id => new Kept(id, $"menus name it that were replaced on {Directory.GetLastWriteTimeUtc(set).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}")))
            : [];
    }
}
