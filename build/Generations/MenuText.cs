using System.Collections.Immutable;

namespace Dom0Image.Generations;

/// <summary>What the text of a published menu names; read from the file, whoever wrote it, as GRUB reads it.</summary>
/// <param name="Files">Files of its own server that it loads, as TFTP clients name them: <c>/generations/ID/...</c>.</param>
/// <param name="Menus">Menus that it goes on to, relative to <c>/grub/</c>.</param>
internal sealed record MenuText(ImmutableArray<string> Files, ImmutableArray<string> Menus)
{
    private const string MenuArea = "/grub/";

    /// <summary>What it loads, entry by entry.</summary>
    public required ImmutableArray<MenuLoad> Loads { get; init; }

    /// <summary>Directories that it has clients mount with <c>nfsroot=</c>.</summary>
    public IEnumerable<string> Roots => Loads.SelectMany(load => load.NfsRoots).Select(root => root.Directory).Distinct();

    /// <summary>Kernels that are loaded as a module of the hypervisor.</summary>
    public IEnumerable<string> Dom0Kernels
        => Loads.Where(load => load is { Command: MenuCommand.Module, IsOwn: true } && load.File.Contains("/kernels/", StringComparison.Ordinal)).Select(load => load.File).Distinct();

    /// <summary>The server that <c>root</c> is set to, such as <c>192.0.2.1</c>; null where it is left as it was.</summary>
    public string? Server { get; init; }

    /// <summary>Words with variables where a file or a menu is named: only GRUB can tell what they are.</summary>
    public ImmutableArray<string> Untold { get; init; } = [];

    /// <summary>Reads a menu's file.</summary>
    public static MenuText Read(string path) => Of(File.ReadAllText(path));

    /// <summary>Reads a menu's text.</summary>
    public static MenuText Of(string text)
    {
        var commands = GrubCommands.In(text);
        var server = commands.Where(command => command.Name == "set").SelectMany(command => command.Arguments).Select(word => word.Text)
            .LastOrDefault(word => word.StartsWith("root=", StringComparison.Ordinal)) is { } root ? MenuLoad.ServerOf(root["root=".Length..]) : null;
        MenuLoad[] loads = [.. commands.Select(command => MenuLoad.Of(command, server)).OfType<MenuLoad>()];
        var next = commands.Where(command => command.Name is "configfile" or "extract_entries_configfile" or "normal").SelectMany(command => command.Arguments).ToList();
        return new MenuText(
            [.. loads.Where(load => load.IsOwn).Select(load => load.File).Concat(commands.SelectMany(Mentioned)).Distinct()],
            [.. next.Where(word => word.IsKnown).Select(word => MenuLoad.PathOf(word.Text)).Where(path => path.StartsWith(MenuArea, StringComparison.Ordinal)).Select(path => path[MenuArea.Length..]).Distinct()])
        {
            Loads = [.. loads],
            Server = server,
            Untold = [.. loads.Where(load => !load.IsKnown).Select(load => load.File).Concat(next.Where(word => !word.IsKnown).Select(word => word.Text)).Distinct()],
        };
    }

    /// <summary>The one generation whose root the menus of a directory have clients mount; null when they name none.</summary>
    public static string? GenerationIn(string menus) => Directory.Exists(menus)
        ? Directory.EnumerateFiles(menus)
            .SelectMany(file => Read(file).Roots)
            .Where(root => root.StartsWith(Places.Generations + "/", StringComparison.Ordinal))
            .Select(root => root.Split('/')[^2])
            .FirstOrDefault()
        : null;

    // Whatever a command does with a file of a generation, it has to be there.
    private static IEnumerable<string> Mentioned(GrubCommand command)
        => command.Arguments.Where(word => word.IsKnown && word.Text.StartsWith("/generations/", StringComparison.Ordinal)).Select(word => MenuLoad.PathOf(word.Text));
}
