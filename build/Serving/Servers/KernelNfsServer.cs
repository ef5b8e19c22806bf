using System.Collections.Immutable;
using System.Globalization;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.Serving.Servers;

/// <summary>The kernel's NFS server. It is no process: it has threads, and a process of its own for mounts.</summary>
internal sealed class KernelNfsServer : IBootServer
{
    private const string Threads = "/proc/fs/nfsd/threads";
    private const string Mountd = "rpc.mountd";

    /// <inheritdoc/>
    public Service Service => Service.KernelNfs;

    /// <inheritdoc/>
    public DateTime? RunningSince
        => File.Exists(Threads) && int.Parse(File.ReadAllText(Threads), CultureInfo.InvariantCulture) > 0
            ? ServerProcess.Named(Mountd) is [var process, ..] ? process.Started : DateTime.MinValue
            : null;

    /// <inheritdoc/>
    public bool Reads(string place) => place == ServerPlaces.Exports || place.StartsWith("/etc/nfs.conf", StringComparison.Ordinal);

    /// <inheritdoc/>
    public bool ReadsAgain(string place) => place is ServerPlaces.Exports;

    /// <inheritdoc/>
    public Task ReadAgainAsync(StageContext stage) => stage.RunAsync(new ToolCommand("exportfs", "-ra"));

    /// <inheritdoc/>
    public Task<ImmutableArray<Diagnostic>> AskAsync(Served served, StageContext stage)
        => RunningSince is null
            ? Task.FromResult<ImmutableArray<Diagnostic>>([new Diagnostic("the kernel's NFS server does not run: hosts get their kernel, but no root")
            {
                Hint = SupportedHere ? null : "This machine's kernel has no NFS server: the site may have 'nfs-server: ganesha'.",
            }])
            : NfsQuestions.AskAsync(served, ServerPlaces.Exports, stage);

    // Its module may be loaded only by its start; after that the kernel lists it.
    private static bool SupportedHere => File.ReadLines("/proc/filesystems").Any(l => l.EndsWith("\tnfsd", StringComparison.Ordinal));
}
