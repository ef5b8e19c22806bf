using System.Collections.Immutable;

namespace Dom0Image.Recipes;

/// <summary>
/// Debian's releases, and in what the older ones differ from those of today. A new release is a name here: what is told of the older
/// ones holds until a certain one, so that it does not hold for the new one.
/// </summary>
internal static class Suites
{
    /// <summary>Their names, in the order in which they came.</summary>
    public static readonly ImmutableArray<string> All =
        ["etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid"];

    /// <summary>The archive component that holds firmware which is not free.</summary>
    public static string FirmwareComponent(string suite) => IsBefore(suite, "bookworm") ? "non-free" : "non-free-firmware";

    /// <summary>The archives that make up a release, itself first: until buster, security updates were named otherwise.</summary>
    public static ImmutableArray<string> Archives(string suite)
        => IsBefore(suite, "bullseye") ? [suite, $"{suite}/updates"] : [suite, $"{suite}-updates", $"{suite}-security"];

    /// <summary>The package of System V init: before jessie there was no other init, and it was essential.</summary>
    public static string Sysvinit(string suite) => IsBefore(suite, "jessie") ? "sysvinit" : "sysvinit-core";

    /// <summary>Whether its kernel makes device nodes by itself.</summary>
    public static bool HasDevtmpfs(string suite) => !IsBefore(suite, "squeeze");

    /// <summary>Whether its tar knows extended attributes, as from 1.27 on; others pass over what an archive says of them.</summary>
    public static bool TarHasAttributes(string suite) => !IsBefore(suite, "jessie");

    // False for what is no release's own name, such as stable: that is always one of today's.
    private static bool IsBefore(string suite, string other) => All.IndexOf(suite) is >= 0 and var at && at < All.IndexOf(other);
}
