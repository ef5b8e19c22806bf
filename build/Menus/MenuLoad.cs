using System.Collections.Immutable;

namespace Dom0Image.Menus;

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
            .Select(place => place.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? (place[..colon], Grub2Reader.PathOf(place[(colon + 1)..])) : ((string?)null, Grub2Reader.PathOf(place)));
}
