using System.Collections.Immutable;

namespace Dom0Image.Generations;

/// <summary>What a command of a menu loads a file as.</summary>
internal enum MenuCommand
{
    /// <summary>A kernel that runs by itself.</summary>
    Kernel,

    Hypervisor,

    /// <summary>A module of the hypervisor: dom0's kernel comes first.</summary>
    Module,

    /// <summary>Anything else, such as an initrd.</summary>
    Other,
}

/// <summary>A file that a menu loads.</summary>
/// <param name="Command">As what.</param>
/// <param name="File">Its path at the server, without <c>.</c>, <c>..</c> and doubled slashes.</param>
/// <param name="Device">The device that is named with it, such as <c>tftp,192.0.2.1</c>; null for the one that <c>root</c> is set to.</param>
/// <param name="Options">What follows on the line.</param>
/// <param name="Entry">The menu entry that it stands in.</param>
internal sealed record MenuLoad(MenuCommand Command, string File, string? Device, ImmutableArray<string> Options, int Entry)
{
    private const string RootOption = "nfsroot=";

    /// <summary>Whether the file's name holds no variable.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>Whether it is loaded from where the menu's root is.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>Servers and directories that it is told to mount as its root.</summary>
    public IEnumerable<(string? Server, string Directory)> NfsRoots
        => Options.Where(option => option.StartsWith(RootOption, StringComparison.Ordinal)).Select(option => option[RootOption.Length..].Split(',')[0])
            .Select(place => place.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (place[..colon], PathOf(place[(colon + 1)..])) : ((string?)null, PathOf(place)));

    /// <summary>What a command loads; null when it loads nothing.</summary>
    public static MenuLoad? Of(GrubCommand command, string? server)
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

    /// <summary>The path of a word such as <c>(tftp,192.0.2.1)/grub/a.conf</c>, as the server takes it.</summary>
    public static string PathOf(string word)
    {
        var path = DeviceOf(word) is { } device ? word[(device.Length + 2)..] : word;
        return path.StartsWith('/') ? Path.GetFullPath(path).TrimEnd('/') : path;
    }

    /// <summary>The server of a device such as <c>tftp,192.0.2.1</c>; null when it names none.</summary>
    public static string? ServerOf(string device) => device.Split(',') is ["tftp" or "(tftp", var server] ? server.TrimEnd(')') : null;

    private static string? DeviceOf(string word)
        => word.StartsWith('(') && word.IndexOf(')', StringComparison.Ordinal) is > 0 and var end ? word[1..end] : null;
}
