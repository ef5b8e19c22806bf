using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Archive;

/// <summary>Where the host itself gets Debian from: the mirror of the archive and that of its security updates.</summary>
/// <param name="Main">Mirror of the archive; null when the host's apt knows none.</param>
/// <param name="Security">Mirror of the security archive; null when the host's apt knows none.</param>
internal sealed record HostArchive(Uri? Main, Uri? Security)
{
    private const string Fields = "$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(LABEL)";

    /// <summary>Asks the host's apt, and where it knows no Debian archive, the bootstrapper for its default.</summary>
    public static async Task<HostArchive> FindAsync(string suite, StageContext context)
    {
        const string program = "/usr/bin/apt-get";
        var found = File.Exists(program)
            ? Parse((await context.RunAsync(new ToolCommand(program, "-o", $"Dir::Cache::pkgcache={CacheFile(context.Store)}", "indextargets", "--format", Fields, "Created-By: Packages")).ConfigureAwait(false)).Lines)
            : new HostArchive(null, null);
        return found.Main is null ? await DefaultOfBootstrapperAsync(suite, context).ConfigureAwait(false) : found;
    }

    // Hosts that keep no cache of apt's own (containers often) would take most of a second to read all lists in each run.
    private static string CacheFile(BuildStore store) => Path.Combine(Directory.CreateDirectory(Path.Combine(store.Root, "archives")).FullName, "host-pkgcache.bin");

    /// <summary>Reads lines of <c>REPO_URI|RELEASE|ORIGIN|LABEL</c>, as <c>apt-get indextargets</c> prints them.</summary>
    public static HostArchive Parse(IEnumerable<string> lines)
    {
        var targets = lines.Select(Target.Parse).OfType<Target>().Where(t => t.IsDebian).ToImmutableArray();
        return new(targets.FirstOrDefault(t => t.IsMain)?.Uri, targets.FirstOrDefault(t => t.IsSecurity)?.Uri);
    }

    /// <summary>What mmdebstrap takes when it is told no mirror. It says so in the sources that it writes, before it asks any mirror.</summary>
    internal static async Task<HostArchive> DefaultOfBootstrapperAsync(string suite, StageContext context)
    {
        if (ToolPath.Find("mmdebstrap") is not { } program)
        {
            return new(null, null);
        }

        // It fails here, and signals its process group then: a session of its own.
        var lines = new ConcurrentQueue<string>();
        var mode = Environment.IsPrivilegedProcess ? "root" : "chrootless";
        var command = new ToolCommand("setsid", "--wait", program, $"--mode={mode}", "--variant=custom", "--format=null", "--setup-hook=cat \"$1\"/etc/apt/sources.list >&2; false", suite, "/dev/null");
        await context.RunAsync(command with { SuccessCodes = [.. Enumerable.Range(1, 255)] }, lines.Enqueue).ConfigureAwait(false);

        // deb http://mirror.example.org/debian trixie main
        return Parse(lines.Select(line => line.Split(' ')).Where(words => words is ["deb", _, _, ..]).Select(words => $"{words[1]}|{words[2]}|Debian|"));
    }

    private sealed record Target(Uri Uri, string Release, string Origin, string Label)
    {
        public bool IsSecurity => Label == "Debian-Security" || Release.EndsWith("-security", StringComparison.Ordinal) || Release.EndsWith("/updates", StringComparison.Ordinal);

        public bool IsMain => !IsSecurity && Label is "Debian" or "";

        // Apt may know a list without its origin (a Release file without one); the address has to do then.
        public bool IsDebian => Origin == "Debian" || (Origin.Length == 0 && LastSegment.StartsWith("debian", StringComparison.Ordinal));

        private string LastSegment => Uri.AbsolutePath.TrimEnd('/').Split('/')[^1];

        public static Target? Parse(string line)
            => line.Split('|') is [var uri, var release, var origin, var label]
                && Uri.TryCreate((MirrorList.First(uri) ?? uri).TrimEnd('/'), UriKind.Absolute, out var parsed)
                && MirrorResolver.Schemes.Contains(parsed.Scheme)
                ? new Target(parsed, release, origin, label)
                : null;
    }
}
