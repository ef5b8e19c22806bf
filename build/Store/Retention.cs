namespace Dom0Image.Store;

/// <summary>What is kept how long. Of generations only the fewest: clients may still run from one, so that they go when people say so.</summary>
internal static class Retention
{
    /// <summary>How many outputs of each stage stay, however old: enough to go back to what was published before, and for several recipes beside each other.</summary>
    public const int StagesKept = 6;

    /// <summary>How many of a recipe's newest generations the target Prune never deletes.</summary>
    public const int GenerationsKept = 5;

    /// <summary>How many runs keep their logs.</summary>
    public const int RunsKept = 30;

    /// <summary>How many nights keep their result and what it changed.</summary>
    public const int NightsKept = 30;

    /// <summary>How large the compiler's cache may grow, in ccache's words.</summary>
    public const string CompilerCache = "5G";

    /// <summary>
    /// What nobody used for this long goes after a publication: other stages, packages, states of apt, kernel trees, and menus, which
    /// clients that booted before may still read.
    /// </summary>
    public static readonly TimeSpan Unused = TimeSpan.FromDays(14);
}
