using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Serving.Managers;
using Dom0Image.Store;

namespace Dom0Image.HostTools;

/// <summary>Installs what lacks with apt, as root, or stops and says what to type.</summary>
/// <param name="isRoot">Whether this process may install.</param>
internal sealed class HostToolInstaller(bool isRoot)
{
    /// <summary>One installation at a time on this machine. Where only root can make it, as /run/lock is open to all.</summary>
    private const string LockFile = "/run/dom0image-host-tools.lock";

    // All that packages may install here, for builds and boot tests as for boot servers.
    private static readonly ImmutableArray<Service> Servers = [.. BootServers.All.Select(s => s.Service), new("radvd", ["radvd.service"])];

    /// <summary>The tools whose packages are not installed.</summary>
    public static ImmutableArray<HostTool> Lacking(IEnumerable<HostTool> needed, DpkgStatus status)
        => [.. needed.Where(t => !status.Has(t.Package))];

    /// <summary>Installs packages.</summary>
    /// <param name="stage">The edges of the system.</param>
    /// <param name="lacking">What to install; at least one.</param>
    /// <exception cref="BuildFailedException">Not root, or apt failed.</exception>
    public async Task<ImmutableArray<HostTool>> InstallAsync(StageContext stage, ImmutableArray<HostTool> lacking)
    {
        ArgumentNullException.ThrowIfNull(stage);
        if (!isRoot)
        {
            throw NotRoot(lacking);
        }

        foreach (var purpose in lacking.GroupBy(t => t.Purpose))
        {
            stage.Progress.Note($"lacking for {purpose.Key}: {string.Join(' ', purpose.Select(t => t.Package))}");
        }

        using var _ = await AcquireAsync(stage).ConfigureAwait(false);
        using var guard = new QuietServers(Path.GetTempPath());
        var before = DpkgStatus.Read();
        try
        {
            await new Apt(stage, guard).InstallAsync([.. lacking.Select(t => t.Package)]).ConfigureAwait(false);
        }
        finally
        {
            // Also those that others brought with them, and those of an installation that stopped half way.
            var after = DpkgStatus.Read();
            await DisableAsync(stage, [.. Servers.Where(s => !before.Has(s.Name) && after.Has(s.Name))]).ConfigureAwait(false);
        }

        var still = Lacking(lacking, DpkgStatus.Read());
        return still.IsEmpty
            ? lacking
            : throw new BuildFailedException(still.Select(t => new Diagnostic($"apt says it is done, but {t.Package} is not installed")));
    }

    /// <summary>What someone who is root would type.</summary>
    public static string Command(IEnumerable<HostTool> tools)
        => $"apt-get install --no-install-recommends {string.Join(' ', tools.Select(t => t.Package))}";

    private static BuildFailedException NotRoot(ImmutableArray<HostTool> lacking) => new(
        new Diagnostic($"{lacking.Length} packages lack on this machine: {string.Join(", ", lacking.Select(t => $"{t.Package} ({t.Purpose})"))}")
        {
            Hint = $"Run as root, or first:\n  sudo {Command(lacking)}",
        });

    // Nobody asked for a server that starts at the next reboot.
    private static async Task DisableAsync(StageContext stage, ImmutableArray<Service> servers)
    {
        var manager = IServiceManager.Here(stage);
        foreach (var server in servers)
        {
            await manager.DisableAsync(server).ConfigureAwait(false);
        }

        if (!servers.IsEmpty)
        {
            stage.Progress.Note($"installed and left disabled: {string.Join(", ", servers.Select(s => s.Name))}; --target=Serve on the boot server enables what the site needs");
        }
    }

    private static async Task<FileStream> AcquireAsync(StageContext stage)
    {
        for (var told = false; ; told = true)
        {
            try
            {
                return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(LockFile))
            {
                if (!told)
                {
                    stage.Progress.Note("another build is installing packages; waiting for it");
                }

                await Task.Delay(200, stage.Cancellation).ConfigureAwait(false);
            }
        }
    }
}
