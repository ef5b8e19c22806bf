using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.CommandLine;

/// <summary>What the user chose on the command line, checked. Paths are absolute and end without a slash.</summary>
internal sealed record BuildOptions
{
    /// <summary>Name of the recipe: <c>recipes/NAME.yaml</c>.</summary>
    public string Recipe { get; init; } = "trixie";

    /// <summary>Name of the site: <c>recipes/sites/NAME.yaml</c>.</summary>
    public string Site { get; init; } = "example";

    /// <summary>Everything that is published goes below it; empty for the real places.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Caches and finished stages.</summary>
    public required string Store { get; init; }

    /// <summary>Debian's mirrors in place of those that the recipe, the site and the host name; null for those.</summary>
    public DebianMirrors? Mirror { get; init; }

    /// <summary>How much of a generation is booted before it is published; null for what the target does by itself.</summary>
    public BootTestExtent? BootTest { get; init; }

    /// <summary>Whether an image takes the edits that are kept for its recipe.</summary>
    public bool WithEdits { get; init; } = true;

    /// <summary>How the conflict at <see cref="Path"/> is settled: <c>mine</c> or <c>base</c>; null where nobody says.</summary>
    public string? Answer { get; init; }

    /// <summary>A path in the image that a conflict is about.</summary>
    public string? Path { get; init; }

    /// <summary>A file of this machine that was merged by hand, and settles the conflict at <see cref="Path"/>.</summary>
    public string? Merged { get; init; }

    /// <summary>How many clients the boot test boots at once; at least 1.</summary>
    public int Clients { get; init; } = 3;

    /// <summary>An existing generation to work on; null for the one that the recipe gives.</summary>
    public string? Generation { get; init; }

    /// <summary>What image files are to grow to, in bytes by the volume's name; the target Storage grows them.</summary>
    public ImmutableSortedDictionary<string, long> Grow { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Whether a tree is moved while clients run from it; their roots end.</summary>
    public bool Now { get; init; }

    /// <summary>Whether the lines that a write audit finds are put into the recipe.</summary>
    public bool Apply { get; init; }

    /// <summary>
    /// Which tests the target Test runs, as a filter of <c>dotnet test</c>, which parts LongTest, rooms Mutation or benchmarks Bench does, by
    /// their names with commas between; null for all.
    /// </summary>
    public string? Filter { get; init; }

    /// <summary>Whether what is done to this machine's services is done without asking.</summary>
    public bool Yes { get; init; }

    /// <summary>Where the store is when no option says: below the prefix.</summary>
    public static string DefaultStore(string prefix) => prefix + "/var/cache/dom0image";
}
