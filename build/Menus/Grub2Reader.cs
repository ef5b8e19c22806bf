namespace Dom0Image.Menus;

/// <summary>Reads what a script of GRUB 2 names.</summary>
internal static class Grub2Reader
{
    private const string MenuArea = "/grub/";

    /// <summary>Reads a menu's text.</summary>
    public static MenuText Read(string text)
    {
        var commands = GrubCommands.In(text);
        string? Set(string name) => commands.Where(command => command.Name == "set").SelectMany(command => command.Arguments).Select(word => word.Text)
            .LastOrDefault(word => word.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
        var server = Set("root=") is { } root ? ServerOf(root) : null;
        MenuLoad[] loads = [.. commands.Select(command => Load(command, server)).OfType<MenuLoad>()];
        var next = commands.Where(command => command.Name is "configfile" or "extract_entries_configfile" or "normal").SelectMany(command => command.Arguments).ToList();
        return new MenuText(
            [.. loads.Where(load => load.IsOwn).Select(load => load.File).Concat(commands.SelectMany(Mentioned)).Distinct()],
            [.. next.Where(word => word.IsKnown).Select(word => PathOf(word.Text)).Where(path => path.StartsWith(MenuArea, StringComparison.Ordinal)).Select(path => path[MenuArea.Length..]).Distinct()])
        {
            Loads = [.. loads],
            Server = server,
            Default = Set("default="),
            Untold = [.. loads.Where(load => !load.IsKnown).Select(load => load.File).Concat(next.Where(word => !word.IsKnown).Select(word => word.Text)).Distinct()],
        };
    }

    /// <summary>The path of a word such as <c>(tftp,192.0.2.1)/grub/a.conf</c>, as the server takes it.</summary>
    public static string PathOf(string word)
    {
        var path = DeviceOf(word) is { } device ? word[(device.Length + 2)..] : word;
        return path.StartsWith('/') ? Path.GetFullPath(path).TrimEnd('/') : path;
    }

    // Null for a command that loads nothing.
    private static MenuLoad? Load(GrubCommand command, string? server)
    {
        MenuCommand? kind = command.Name switch
        {
            "linux" or "linux16" or "linuxefi" or "kernel" => MenuCommand.Kernel,
            "multiboot" or "multiboot2" or "xen_hypervisor" => MenuCommand.Hypervisor,
            "module" or "module2" or "xen_module" => MenuCommand.Module,
            "initrd" or "initrd16" or "initrdefi" or "chainloader" => MenuCommand.Other,
            _ => null,
        };
        var at = command.Arguments.TakeWhile(word => word.Text.StartsWith('-')).Count();
        if (kind is not { } what || at == command.Arguments.Length)
        {
            return null;
        }

        var word = command.Arguments[at];
        var device = DeviceOf(word.Text);
        return new MenuLoad(what, word.IsKnown ? PathOf(word.Text) : word.Text, device, [.. command.Arguments.Skip(at + 1).Select(option => option.Text)], command.Entry)
        {
            IsKnown = word.IsKnown,
            IsOwn = word.IsKnown && (device is null || ServerOf(device) is { } named && named == server),
        };
    }

    // Whatever a command does with a file of a generation, it has to be there.
    private static IEnumerable<string> Mentioned(GrubCommand command)
        => command.Arguments.Where(word => word.IsKnown && word.Text.StartsWith("/generations/", StringComparison.Ordinal)).Select(word => PathOf(word.Text));

    // The server of a device such as tftp,192.0.2.1; null when it names none.
    private static string? ServerOf(string device) => device.Split(',') is ["tftp" or "(tftp", var server] ? server.TrimEnd(')') : null;

    private static string? DeviceOf(string word)
        => word.StartsWith('(') && word.IndexOf(')', StringComparison.Ordinal) is > 0 and var end ? word[1..end] : null;
}
