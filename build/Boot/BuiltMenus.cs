using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Boot;

/// <summary>
/// Menus as files, where rules read them and from where they are published: in the store's work directory, where disposing
/// deletes them, or those that are published already.
/// </summary>
internal sealed class BuiltMenus : IDisposable
{
    private readonly bool _ours;

    private BuiltMenus(MenuSet menus, bool ours) => (Menus, _ours) = (menus, ours);

    /// <summary>Their key and their directory.</summary>
    public MenuSet Menus { get; }

    /// <summary>The published ones when they are as the set has them (a site can have thousands), else written anew.</summary>
    public static BuiltMenus FindOrWrite(BootFileSet set, Places places, BuildStore store)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(places);
        var key = set.MenuKey;
        var published = places.OnDisk($"{Places.Menus}/{key}");
        return FileNode.Find(published) is { IsDirectory: true } && MenuReading.Of(published) is var found && BootFilesWriter.AreMenus(set, found)
            ? new BuiltMenus(new MenuSet(key, published) { Found = found }, ours: false)
            : Write(set, key, store);
    }

    /// <summary>Writes the menus of a set.</summary>
    public static BuiltMenus Write(BootFileSet set, BuildStore store)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(store);
        return Write(set, set.MenuKey, store);
    }

    // The key is over all menus: asked once.
    private static BuiltMenus Write(BootFileSet set, string key, BuildStore store)
    {
        var built = new BuiltMenus(new MenuSet(key, Path.Combine(store.Work, $"menus-{key}-{Guid.NewGuid():N}")) { MayBeMoved = true }, ours: true);
        try
        {
            BootFilesWriter.WriteMenus(set, built.Menus.Directory);
            return built;
        }
        catch
        {
            built.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ours)
        {
            SafeDelete.Tree(Menus.Directory);
        }
    }
}
