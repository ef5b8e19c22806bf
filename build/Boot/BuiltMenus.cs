using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Stages;

namespace Dom0Image.Boot;

/// <summary>Menus as files in the store's work directory, where rules read them and from where they are published. Disposing deletes them.</summary>
public sealed class BuiltMenus : IDisposable
{
    private BuiltMenus(MenuSet menus) => Menus = menus;

    /// <summary>Their key and their directory.</summary>
    public MenuSet Menus { get; }

    /// <summary>Writes the menus of a set.</summary>
    public static BuiltMenus Write(BootFileSet set, Store store)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(store);
        var built = new BuiltMenus(new MenuSet(set.MenuKey, Path.Combine(store.Work, $"menus-{set.MenuKey}-{Guid.NewGuid():N}")));
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
    public void Dispose() => SafeDelete.Tree(Menus.Directory);
}
