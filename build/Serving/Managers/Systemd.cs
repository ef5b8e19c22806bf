using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Serving.Managers;

/// <summary>systemd, as PID 1. It takes System V scripts for units.</summary>
/// <param name="stage">The edges of the system.</param>
internal sealed class Systemd(StageContext stage) : IServiceManager
{
    // Of a unit that is not there, and of one that is not enabled.
    private static readonly ImmutableArray<int> YesOrNo = [0, 1, 4];

    /// <inheritdoc/>
    public async Task<bool> IsEnabledAsync(Service service)
        => (await stage.RunAsync(Systemctl("is-enabled", "--quiet", service.Unit) with { SuccessCodes = YesOrNo }).ConfigureAwait(false)).ExitCode == 0;

    /// <inheritdoc/>
    public Task EnableAsync(Service service) => stage.RunAsync(Systemctl("enable", service.Unit));

    /// <inheritdoc/>
    public async Task<Service?> MissingWaitAsync() => await IsEnabledAsync(AddressWait.Service).ConfigureAwait(false) ? null : AddressWait.Service;

    /// <inheritdoc/>
    public Task DisableAsync(Service service) => stage.RunAsync(Systemctl("disable").With([.. service.Units]));

    /// <inheritdoc/>
    public Task ReloadAsync() => stage.RunAsync(Systemctl("daemon-reload"));

    /// <inheritdoc/>
    public async Task RestartAsync(Service service)
    {
        // One that failed too often in a short time would not be started again.
        await stage.RunAsync(Systemctl("reset-failed", service.Unit) with { SuccessCodes = YesOrNo }).ConfigureAwait(false);
        if (service.Units.Any(unit => unit.EndsWith(".socket", StringComparison.Ordinal)))
        {
            await RestartWithSocketAsync(service).ConfigureAwait(false);
        }
        else
        {
            await stage.RunAsync(Systemctl("restart", service.Unit)).ConfigureAwait(false);
        }
    }

    // A socket stays as it was opened until both end. Alone: nfs-ganesha's rpc.statd would end with rpcbind, and has waited 90 s for
    // it while it was gone (nfs-ganesha 4.3). rpcbind itself knows from its file who was registered.
    private async Task RestartWithSocketAsync(Service service)
    {
        await stage.RunAsync(Systemctl("stop", "--job-mode=ignore-dependencies").With([.. service.Units])).ConfigureAwait(false);
        await stage.RunAsync(Systemctl("start").With([.. service.Units])).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StopAsync(Service service) => stage.RunAsync(Systemctl("stop").With([.. service.Units]));

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> LastLinesAsync(Service service)
        => [.. (await stage.RunAsync(new ToolCommand("journalctl", $"--unit={service.Unit}", $"--lines={IServiceManager.LastLines}", "--no-pager", "--quiet", "--output=cat") with { SuccessCodes = YesOrNo }).ConfigureAwait(false)).Lines];

    /// <inheritdoc/>
    public string Inspection(Service service) => $"systemctl status {service.Unit}; journalctl -u {service.Unit}";

    private static ToolCommand Systemctl(params string[] arguments) => new ToolCommand("systemctl", "--no-ask-password").With(arguments).WithEnvironment("LC_ALL", "C");
}
