using System.Collections.Immutable;

namespace Dom0Image.Menus;

/// <summary>What the text of a published menu names; read from the file, whoever wrote it, as its loader reads it.</summary>
/// <param name="Files">Files of its own server that it loads, as TFTP clients name them: <c>/generations/ID/...</c>.</param>
/// <param name="Menus">Menus that it goes on to, relative to <c>/grub/</c>.</param>
internal sealed record MenuText(ImmutableArray<string> Files, ImmutableArray<string> Menus)
{
    /// <summary>What it loads, entry by entry.</summary>
    public required ImmutableArray<MenuLoad> Loads { get; init; }

    /// <summary>Directories that it has clients mount with <c>nfsroot=</c>.</summary>
    public IEnumerable<string> Roots => Loads.SelectMany(load => load.NfsRoots).Select(root => root.Directory).Distinct();

    /// <summary>Kernels that are loaded as a module of the hypervisor.</summary>
    public IEnumerable<string> Dom0Kernels
        => Loads.Where(load => load is { Command: MenuCommand.Module, IsOwn: true } && load.File.Contains("/kernels/", StringComparison.Ordinal)).Select(load => load.File).Distinct();

    /// <summary>The server that <c>root</c> is set to, such as <c>192.0.2.1</c>; null where it is left as it was.</summary>
    public string? Server { get; init; }

    /// <summary>What is chosen when nobody does, an entry's id or number; null where it does not say.</summary>
    public string? Default { get; init; }

    /// <summary>Words with variables where a file or a menu is named: only GRUB can tell what they are.</summary>
    public ImmutableArray<string> Untold { get; init; } = [];

    /// <summary>Reads a menu's file.</summary>
    public static MenuText Read(string path) => Of(File.ReadAllText(path));

    /// <summary>Reads a menu's text.</summary>
    public static MenuText Of(string text) => Grub2Reader.Read(text);
}
