using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Archive;

namespace Dom0Image.CommandLine;

/// <summary>All options of this project. Cake's own are beside it, for the sake of typos.</summary>
internal static class OptionTable
{
    public static readonly ImmutableArray<OptionSpec> Options =
    [
        new("recipe", "NAME", "what the image is: recipes/NAME.yaml (trixie)", (o, v) => o with { Recipe = Name(v) }),
        new("site", "NAME", "where it is served: recipes/sites/NAME.yaml (example)", (o, v) => o with { Site = Name(v) }),
        new("prefix", "DIR", "publish below DIR, and not at the real places", (o, v) => o with { Prefix = Directory(v) }),
        new("store", "DIR", "caches and finished stages (PREFIX/var/cache/dom0image)", (o, v) => o with { Store = RealDirectory(v) }),
        new("mirror", "URI[,URI]", "mirrors of Debian and of its security updates (the recipe's, the site's, the host's)", (o, v) => o with { Mirror = MirrorResolver.Parse(v) }),
        new("boot-test", "yes|quick|no", "boot the generation before it is published; quick: in one way only (yes; quick for Republish)", (o, v) => o with { BootTest = Extent(v) }),
        new("clients", "N", "clients that the boot test boots at once (3)", (o, v) => o with { Clients = Count(v) }),
        new("generation", "ID", "boot or publish a generation that is there, and build none", (o, v) => o with { Generation = Name(v) }),
        new("newest", "N", "how many of each recipe's newest generations stay, whatever happens (target Prune; 5)", (o, v) => o with { Newest = Count(v) }),
        new("gone", "HOST[,HOST]", "hosts or addresses that run nothing any more (target Prune)", (o, v) => o with { Gone = [.. v.Split(',').Select(Name)] }),
        OptionSpec.Flag("yes-unknown", "delete generations of which it is not known whether a client runs them, too (target Prune)", o => o with { YesUnknown = true }),
        new("from", "ID", "compare with this generation (the one that hosts boot; target Diff)", (o, v) => o with { From = Name(v) }),
        new("to", "ID", "compare this generation with it (the newest; target Diff); go back to it (the one before; target Rollback)", (o, v) => o with { To = Name(v) }),
        OptionSpec.Flag("changelogs", "read changelogs out of the store's packages (target Diff)", o => o with { Changelogs = true }),
        OptionSpec.Flag("json", "answer with JSON and nothing else (targets Diff, Status)", o => o with { Json = true }),
        new("output", "FILE", "write the answer to FILE.json, FILE.txt or FILE.html (targets Diff, Status)", (o, v) => o with { Output = AnswerFile(v) }),
        new("host", "NAME[,NAME*]", "show these hosts one by one (target Status)", (o, v) => o with { Hosts = Hosts(v) }),
        new("probe", "yes|no", "ask hosts whether they answer (yes, but below a prefix no; target Status)", (o, v) => o with { Probe = YesOrNo(v) }),
        new("edits", "all|none", "whether the image takes the edits that are kept for the recipe (all)", (o, v) => o with { WithEdits = v switch { "all" => true, "none" => false, _ => throw new FormatException("all or none") } }),
        new("answer", "mine|base", "settles the conflict at --path: as the edit, or as the base has it (target Edits)", (o, v) => o with { Answer = v is "mine" or "base" ? v : throw new FormatException("mine or base") }),
        new("path", "PATH", "a path in the image that base and edit differ in (target Edits)", (o, v) => o with { Path = v.StartsWith('/') ? v : throw new FormatException("an absolute path in the image") }),
        new("merged", "FILE", "settles the conflict at --path with a file that you merged (target Edits)", (o, v) => o with { Merged = Path.GetFullPath(v) }),
        new("grow", "[NAME=]SIZE", "grow image files: 20G, or generations=20G,imgs=8G (target Storage)", (o, v) => o with { Grow = Growth(v) }),
        OptionSpec.Flag("now", "move what clients run from; their roots end (target Storage)", o => o with { Now = true }),
        OptionSpec.Flag("apply", "put the lines that the audit finds into the recipe (target WriteAudit)", o => o with { Apply = true }),
        OptionSpec.Flag("yes", "start and stop servers, and delete generations, without asking", o => o with { Yes = true }),
        new("command", "LINE", "a line for the image's shell, in place of a shell at the terminal; with --keep or --drop (target Edit)", (o, v) => o with { Command = v }),
        new("keep", "WHY", "keep what an edit changed, and why (target Edit)", (o, v) => o with { Keep = v }),
        new("drop", "NAME", "drop what an edit changed (target Edit), or a layer that was kept (target Edits)", (o, v) => o with { Drop = v.Length == 0 ? v : Name(v) }) { MayStandAlone = true },
        OptionSpec.Flag("resume", "go on with an edit that did not come to its end (target Edit); publish again after a rollback (target Publish)", o => o with { Resume = true }),
        OptionSpec.Flag("keep-secrets", "keep keys and histories that an edit left, too (target Edit)", o => o with { KeepSecrets = true }),
        new("show", "NAME", "show a layer that was kept (target Edits)", (o, v) => o with { Show = Name(v) }),
        new("export", "DIR", "write the layers into DIR, a directory each (target Edits)", (o, v) => o with { Export = RealDirectory(v) }),
        new("import", "DIR", "take in the layers that are in DIR (target Edits)", (o, v) => o with { Import = RealDirectory(v) }),
        new("filter", "EXPR", "tests to run, as dotnet test takes it; parts of LongTest, rooms of Mutation and benchmarks by name: a,b", (o, v) => o with { Filter = v }),
    ];

    public static readonly ImmutableArray<string> CakeOptions =
        ["target", "working", "verbosity", "description", "tree", "dryrun", "exclusive", "version", "info", "help"];

    // Names become file names: nothing that could lead out of the directory they are looked up in.
    private static string Name(string value)
        => value[0] != '.' && value.All(c => char.IsAsciiLetterOrDigit(c) || "-_.+".Contains(c))
            ? value
            : throw new FormatException("a name of letters, digits, '-', '_', '+' and '.'");

    private static string Directory(string value)
        => value.Contains('\0') ? throw new FormatException("a directory") : Path.TrimEndingDirectorySeparator(Path.GetFullPath(value)) switch
        {
            "/" => "",
            var path => path,
        };

    private static string RealDirectory(string value)
        => Directory(value) is { Length: > 0 } path ? path : throw new FormatException("a directory other than /");

    private static BootTestExtent Extent(string value) => value switch
    {
        "yes" => BootTestExtent.Full,
        "quick" => BootTestExtent.Quick,
        "no" => BootTestExtent.None,
        _ => throw new FormatException("yes, quick or no"),
    };

    private static ImmutableSortedDictionary<string, long> Growth(string value)
    {
        var parts = value.Split(',').Select(part => part.Split('=')).Select(words => words.Length == 1 ? ["generations", words[0]] : words).ToArray();
        return parts.All(words => words.Length == 2 && words[0] is "generations" or "imgs") && parts.DistinctBy(words => words[0]).Count() == parts.Length
            ? parts.ToImmutableSortedDictionary(words => words[0], words => Bytes(words[1]))
            : throw new FormatException("a size such as 20G, or generations=20G,imgs=8G");
    }

    private static long Bytes(string value)
    {
        var shift = value.Length > 0 ? value[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 } : 0;
        return long.TryParse(shift == 0 ? value : value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= 1L << 42 >> shift
            ? number << shift
            : throw new FormatException("a size such as 20G, in bytes, or with K, M or G");
    }

    private static string AnswerFile(string value)
        => Path.GetExtension(value) is ".json" or ".html" or ".txt" ? Path.GetFullPath(value) : throw new FormatException("a file whose name ends in .json, .html or .txt");

    private static ImmutableArray<string> Hosts(string value)
        => value.Split(',') is var names && names.All(name => name.Length > 0 && name.TrimEnd('*').All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            ? [.. names]
            : throw new FormatException("names of hosts with commas between; post* for all that begin so");

    private static bool YesOrNo(string value) => value switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new FormatException("yes or no"),
    };

    private static int Count(string value)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 100
            ? count
            : throw new FormatException("a number from 1 to 99");
}
