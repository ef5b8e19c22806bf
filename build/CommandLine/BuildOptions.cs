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

    /// <summary>Whether to go on with what was held, publications after a rollback, or did not come to its end, an edit.</summary>
    public bool Resume { get; init; }

    /// <summary>How many of each recipe's newest generations the target Prune keeps whatever happens; null for what is usual.</summary>
    public int? Newest { get; init; }

    /// <summary>Hosts, by name or address, that run nothing any more.</summary>
    public ImmutableArray<string> Gone { get; init; } = [];

    /// <summary>Whether generations go, too, of which it is not known whether a client runs them.</summary>
    public bool YesUnknown { get; init; }

    /// <summary>The generation that another one is compared with; null for the one that hosts boot.</summary>
    public string? From { get; init; }

    /// <summary>The generation that Diff compares with it, or that Rollback goes back to; null for the newest, or for the one before.</summary>
    public string? To { get; init; }

    /// <summary>Whether changelogs are read out of the store's packages.</summary>
    public bool Changelogs { get; init; }

    /// <summary>Whether what a target that only looks answers is written as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>A file for that answer, whose name's end says in which form; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>Whether hosts are asked if they answer; null for what fits the place.</summary>
    public bool? Probe { get; init; }

    /// <summary>Hosts that are shown one by one: names, or their beginnings with a <c>*</c>. None for a summary.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>What image files are to grow to, in bytes by the volume's name; the target Storage grows them.</summary>
    public ImmutableSortedDictionary<string, long> Grow { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Whether a tree is moved while clients run from it; their roots end.</summary>
    public bool Now { get; init; }

    /// <summary>Whether the lines that a write audit finds are put into the recipe.</summary>
    public bool Apply { get; init; }

    /// <summary>What an edit runs in place of a shell at the terminal; null for that.</summary>
    public string? Command { get; init; }

    /// <summary>Why what an edit changed is kept; null where that is not said.</summary>
    public string? Keep { get; init; }

    /// <summary>Empty where what an edit changed is to be dropped, a layer's name where that is; null for neither.</summary>
    public string? Drop { get; init; }

    /// <summary>Whether keys and histories that an edit left are kept, too.</summary>
    public bool KeepSecrets { get; init; }

    /// <summary>Name of a layer to show; null for none.</summary>
    public string? Show { get; init; }

    /// <summary>Where layers are written to; null for nowhere.</summary>
    public string? Export { get; init; }

    /// <summary>Where layers are taken from; null for nowhere.</summary>
    public string? Import { get; init; }

    /// <summary>
    /// Which tests the target Test runs, as a filter of <c>dotnet test</c>, which parts LongTest, rooms Mutation or benchmarks Bench does, by
    /// their names with commas between; null for all.
    /// </summary>
    public string? Filter { get; init; }

    /// <summary>Whether services are started and stopped, and generations deleted, without asking.</summary>
    public bool Yes { get; init; }

    /// <summary>Where the store is when no option says: below the prefix.</summary>
    public static string DefaultStore(string prefix) => prefix + "/var/cache/dom0image";
}
