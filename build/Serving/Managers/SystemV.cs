using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Serving.Managers;

/// <summary>
/// Scripts below <c>/etc/init.d</c>, on a machine whose PID 1 is not systemd. Where systemd's files are there all the same (a
/// chroot, a machine that is being installed), what is enabled or disabled is so for both.
/// </summary>
/// <param name="stage">The edges of the system.</param>
internal sealed class SystemV(StageContext stage) : IServiceManager
{
    private const string Systemctl = "/usr/bin/systemctl";
    private const string Syslog = "/var/log/syslog";

    // rpcbind starts with the file systems, the others in Debian's usual run level.
    private static readonly string[] StartDirectories = ["/etc/rcS.d", "/etc/rc2.d"];

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopPause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task<bool> IsEnabledAsync(Service service)
        => File.Exists(service.Script)
            ? StartDirectories.Where(Directory.Exists).Any(d => Directory.EnumerateFileSystemEntries(d, $"S??{service.Name}").Any())
            // Nothing can be done about one without a script but what systemd would go by.
            : !File.Exists(Systemctl) || (await stage.RunAsync(new ToolCommand(Systemctl, "is-enabled", "--quiet", service.Unit) { SuccessCodes = [0, 1, 4] }).ConfigureAwait(false)).ExitCode == 0;

    /// <inheritdoc/>
    public Task EnableAsync(Service service) => SwitchAsync(service, "enable", [service.Unit]);

    /// <inheritdoc/>
    // /etc/init.d/networking lets udev settle, brings the network up and is waited for; seen in ifupdown 0.8.41.
    public Task<Service?> MissingWaitAsync() => Task.FromResult<Service?>(null);

    /// <inheritdoc/>
    public Task DisableAsync(Service service) => SwitchAsync(service, "disable", service.Units);

    /// <inheritdoc/>
    public Task ReloadAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task RestartAsync(Service service)
    {
        if (File.Exists(service.Script))
        {
            await stage.RunAsync(new ToolCommand("service", service.Name, "restart").WithEnvironment("LC_ALL", "C")).ConfigureAwait(false);
            return;
        }

        if (service.WithoutScript is not { } start)
        {
            throw new BuildFailedException(new Diagnostic($"there is no {service.Script}, and systemd does not run here") { Hint = $"Is the package {service.Name} installed?" });
        }

        await StopAsync(service).ConfigureAwait(false);
        Directory.CreateDirectory(start.Directory);
        await stage.RunAsync(start.Command).ConfigureAwait(false);
        stage.Progress.Warn($"{service.Name} was started, but Debian has no System V script for it: a reboot will not start it. The site may have '{start.Instead}'.");
    }

    /// <inheritdoc/>
    public async Task StopAsync(Service service)
    {
        if (File.Exists(service.Script))
        {
            await stage.RunAsync(new ToolCommand("service", service.Name, "stop").WithEnvironment("LC_ALL", "C")).ConfigureAwait(false);
            return;
        }

        var until = DateTime.UtcNow + StopLimit;
        while (service.WithoutScript is { } start && ServerProcess.Named(start.Command.Program) is [var process, ..])
        {
            Action<int> end = DateTime.UtcNow < until ? ProcessSignal.Terminate : ProcessSignal.Kill;
            end(process.Id);
            await Task.Delay(StopPause, stage.Cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> LastLinesAsync(Service service)
        => Task.FromResult<ImmutableArray<string>>(File.Exists(Syslog) ? [.. File.ReadLines(Syslog).Where(l => l.Contains(service.Name, StringComparison.Ordinal)).TakeLast(IServiceManager.LastLines)] : []);

    /// <inheritdoc/>
    public string Inspection(Service service) => $"service {service.Name} status; the end of {Syslog}";

    private async Task SwitchAsync(Service service, string action, IEnumerable<string> units)
    {
        if (File.Exists(service.Script))
        {
            await stage.RunAsync(new ToolCommand("update-rc.d", service.Name, action)).ConfigureAwait(false);
        }

        if (File.Exists(Systemctl))
        {
            await stage.RunAsync(new ToolCommand(Systemctl, "--no-ask-password", action).With([.. units]).WithEnvironment("LC_ALL", "C")).ConfigureAwait(false);
        }
    }
}
