using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot.Nfs;

/// <summary>The kernel's NFS server. It is no process: it has threads, and a process of its own for mounts. No lab can have one.</summary>
internal sealed class KernelNfs : IBootServer
{
    /// <summary>What it exports.</summary>
    public const string Exports = "/etc/exports.d/dom0image.exports";

    /// <summary>Where it listens.</summary>
    public const string Settings = "/etc/nfs.conf.d/dom0image.conf";

    private const string Threads = "/proc/fs/nfsd/threads";
    private const string Mountd = "rpc.mountd";

    // exportfs has no dry run: it gets an /etc, a state directory and a network (and with it the kernel's export table) of
    // its own, with nothing in them but the file and the places that it names, which have to be mount points.
    private const string ReadExports =
        """
        for place in /opt /var/lib/nfs /etc; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        for place in "$@"; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        touch /var/lib/nfs/etab /var/lib/nfs/rmtab
        cat > /etc/exports
        exportfs -ra
        for place in "$@"; do
          grep -q "^$place[[:blank:]]" /var/lib/nfs/etab
        done
        if grep -q mountpoint /etc/exports && grep -v mountpoint /var/lib/nfs/etab >&2; then
          echo 'exported though nothing is mounted there' >&2
          exit 1
        fi
        """;

    // nfs.conf(5). Its readers pass over what they do not know, and nfsconf gives back any word.
    private static readonly ImmutableHashSet<string> Words =
    [
        "nfsd/host", "nfsd/port", "nfsd/threads", "nfsd/udp", "nfsd/tcp", "nfsd/vers3", "nfsd/vers4", "nfsd/vers4.0", "nfsd/vers4.1", "nfsd/vers4.2",
        "nfsd/grace-time", "nfsd/lease-time", "mountd/port", "mountd/threads", "mountd/manage-gids",
    ];

    /// <inheritdoc/>
    public string Kind => "NFS server";

    /// <inheritdoc/>
    public Service Service { get; } = new("nfs-kernel-server", ["nfs-server.service"]);

    /// <inheritdoc/>
    public ImmutableArray<ServerFile> Files { get; } =
    [
        new(Exports, RenderExports, ServerFileCheck.Isolated("exportfs", "nfs-kernel-server", ReadExports, NfsExport.NamedIn)) { ReadAgain = true, Sense = Wrong },
        new(Settings, RenderSettings, new("nfsconf", "nfs-common", (file, _) => new ToolCommand("nfsconf", "--file", file, "--get", "nfsd", "host"))) { Sense = UnknownWords },
    ];

    /// <inheritdoc/>
    public DateTime? RunningSince
        => File.Exists(Threads) && int.Parse(File.ReadAllText(Threads), CultureInfo.InvariantCulture) > 0
            ? ServerProcess.Named(Mountd) is [var process, ..] ? process.Started : DateTime.MinValue
            : null;

    /// <inheritdoc/>
    public Task ReadAgainAsync(StageContext stage) => stage.RunAsync(new ToolCommand("exportfs", "-ra"));

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
        => RunningSince is null
            ? Task.FromResult<ImmutableArray<Diagnostic>>([new Diagnostic("the kernel's NFS server does not run: hosts get their kernel, but no root")
            {
                Hint = SupportedHere ? null : "This machine's kernel has no NFS server: the site may have 'nfs-server: ganesha'.",
            }])
            : NfsQuestions.AskAsync(served, Exports, stage);

    // Its module may be loaded only by its start; after that the kernel lists it.
    private static bool SupportedHere => File.ReadLines("/proc/filesystems").Any(l => l.EndsWith("\tnfsd", StringComparison.Ordinal));

    // 'sync', since a crash of the server must not cost a domU its disk; 'mountpoint', so that the empty directory beneath is not
    // exported while the file system is not mounted, or the one that it lies on could be reached. Addresses have a prefix length, or
    // exportfs asks the DNS for the name of each.
    private static IEnumerable<string> RenderExports(Site site)
    {
        var border = site.Storage.SharedAcceptedFor is null ? ",mountpoint" : "";
        return NfsExport.Of(site).Select(e => $"{e.Path} -{(e.Writable ? "rw" : "ro")},sync,no_root_squash,no_subtree_check{border}"
            + string.Concat(e.Clients.Select(c => $" \\\n  {c}")));
    }

    // Its mount daemon can be told a port, but no address.
    private static IEnumerable<string> RenderSettings(Site site) =>
    [
        "[nfsd]",
        $"host={site.BootServer}",
        "vers3=y",
        $"vers4={(NfsExport.HasLocks(site) ? 'y' : 'n')}",
        .. NfsExport.HasLocks(site) ? new[] { $"lease-time={NfsExport.LeaseSeconds}" } : [],
        "[mountd]",
        $"port={NfsExport.MountPort}",
    ];

    private static IEnumerable<string> UnknownWords(string[] lines, BootFileSet set)
    {
        var section = "";
        foreach (var line in lines)
        {
            if (line.StartsWith('['))
            {
                section = line.Trim('[', ']', ' ');
            }
            else if (line.Split('=')[0].Trim() is var word && !Words.Contains($"{section}/{word}"))
            {
                yield return $"has '{word}' in its section '{section}', a word that no NFS server knows";
            }
        }
    }

    // PATH -OPTIONS \ CLIENT...
    private static IEnumerable<string> Wrong(string[] lines, BootFileSet set)
        => from line in string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
           let export = line.Split(' ', 2)
           where export.Length == 2
           let options = export[1].Split([' ', ',', '(', ')', '-'], StringSplitOptions.RemoveEmptyEntries)
           from problem in Wrong(export[0], options, set)
           select problem;

    // A site that accepted a shared file system has nothing mounted there.
    private static IEnumerable<string> Wrong(string path, string[] options, BootFileSet set)
    {
        if (path == Places.Generations && !(options.Contains("ro") && !options.Contains("rw")))
        {
            yield return NfsExport.WritableGenerations;
        }

        if (set.ServerFiles.ContainsKey(VolumeUnits.GenerationsMount) && !options.Contains("mountpoint"))
        {
            yield return $"exports what lies beneath {path} where nothing is mounted there: 'mountpoint' is missing";
        }
    }
}
