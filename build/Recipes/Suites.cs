using System.Collections.Immutable;

namespace Dom0Image.Recipes;

/// <summary>Debian's releases.</summary>
internal static class Suites
{
    /// <summary>Their names, in the order in which they came.</summary>
    public static readonly ImmutableArray<string> All =
        ["etch", "lenny", "squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid"];
}
