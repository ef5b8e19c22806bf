using System.Collections.Immutable;

namespace Dom0Image.Recipes;

/// <summary>Debian's releases.</summary>
internal static class Suites
{
    /// <summary>Their names, in the order in which they came.</summary>
    public static readonly ImmutableArray<string> All =
        ["etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid"];

    /// <summary>The archive component that holds firmware which is not free: one of its own since bookworm.</summary>
    public static string FirmwareComponent(string suite) => All.IndexOf(suite) < All.IndexOf("bookworm") ? "non-free" : "non-free-firmware";
}
