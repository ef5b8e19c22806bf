using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.HostTools;

/// <summary>apt-get, without questions, recommends, removals or started servers.</summary>
/// <param name="stage">The edges of the system.</param>
/// <param name="guard">Keeps servers from being started.</param>
internal sealed class Apt(StageContext stage, QuietServers guard)
{
    private const string Lists = "/var/lib/apt/lists";
    private const string Interrupted = "/var/lib/dpkg/updates";
    private static readonly TimeSpan Outdated = TimeSpan.FromDays(7);

    /// <summary>Installs packages, with fresh lists when the old ones do not do.</summary>
    /// <exception cref="ToolFailedException">apt cannot.</exception>
    public async Task InstallAsync(ImmutableArray<string> packages)
    {
        if (Directory.Exists(Interrupted) && Directory.EnumerateFiles(Interrupted).Any())
        {
            await RunAsync(new ToolCommand("dpkg", "--configure", "-a")).ConfigureAwait(false);
        }

        var fresh = HasFreshLists();
        if (!fresh)
        {
            await UpdateAsync().ConfigureAwait(false);
        }

        // The guard needs mount(8), which the smallest systems lack; its package starts nothing.
        if (packages.Contains("mount"))
        {
            await RunBareAsync(Install(["mount"])).ConfigureAwait(false);
        }

        try
        {
            await RunInstallAsync(packages).ConfigureAwait(false);
        }
        catch (ToolFailedException) when (fresh)
        {
            // Most often a version that the mirror no longer has. If it is something else, the second try says so.
            await UpdateAsync().ConfigureAwait(false);
            await RunInstallAsync(packages).ConfigureAwait(false);
        }
    }

    private static bool HasFreshLists()
        => Directory.Exists(Lists)
            && Directory.EnumerateFiles(Lists, "*_Packages*").Any(f => DateTime.UtcNow - File.GetLastWriteTimeUtc(f) < Outdated);

    private Task<ToolResult> UpdateAsync()
    {
        stage.Progress.Report("reading package lists");
        return RunBareAsync(AptGet("update") with { Hint = "Is the mirror in /etc/apt reachable?" });
    }

    private Task<ToolResult> RunInstallAsync(ImmutableArray<string> packages)
        => RunAsync(Install(packages), new AptProgress(stage.Progress).Take);

    private static ToolCommand Install(ImmutableArray<string> packages)
        => AptGet("install", "--yes", "--no-install-recommends", "--no-remove").With([.. packages]) with
        {
            Hint = $"Try it by hand: apt-get install --no-install-recommends {string.Join(' ', packages)}",
        };

    private static ToolCommand AptGet(params string[] arguments) => new ToolCommand(
        "apt-get",
        "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0", "-o", "Acquire::Retries=3", "-o", "Dpkg::Options::=--force-confold").With(arguments);

    private Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onLine = null)
        => stage.RunAsync(guard.Wrap(Unattended(command)), onLine);

    private Task<ToolResult> RunBareAsync(ToolCommand command) => stage.RunAsync(Unattended(command));

    private static ToolCommand Unattended(ToolCommand command) => command
        .WithEnvironment("DEBIAN_FRONTEND", "noninteractive")
        .WithEnvironment("NEEDRESTART_SUSPEND", "1")
        .WithEnvironment("LC_ALL", "C");
}
