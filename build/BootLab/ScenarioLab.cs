using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Steps;
using Dom0Image.Recipes;
using Dom0Image.Xen.Guest;

namespace Dom0Image.BootLab;

/// <summary>A lab that was brought up for a scenario. Disposing it keeps its logs.</summary>
/// <param name="lab">The lab.</param>
/// <param name="scenario">How its clients boot.</param>
/// <param name="site">Its site.</param>
/// <param name="guest">The guest among its images; null where the scenario starts none.</param>
/// <param name="logs">Directory that keeps the logs.</param>
internal sealed class ScenarioLab(Lab lab, BootScenario scenario, LabSite site, ExampleGuest? guest, string logs) : IAsyncDisposable
{
    public Lab Lab => lab;

    public LabSite Site => site;

    public ExampleGuest? Guest => guest;

    /// <summary>Load average of the machine when it was brought up.</summary>
    public required double Load { get; init; }

    /// <summary>Factor for limits of time.</summary>
    public required double Slowness { get; init; }

    /// <summary>Switches one of its site's hosts on.</summary>
    public Task<LabClient> SwitchOnAsync(BootHost host) => lab.SwitchOnAsync(host.Name, site.Hosts.IndexOf(host), host.Mac, scenario.Hardware);

    /// <summary>Follows a client's boot up to its log-in prompt, or to where it failed.</summary>
    /// <param name="client">A client that was just switched on.</param>
    /// <param name="tell">Is told of each step as it is reached.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public async Task<BootCourse> FollowAsync(LabClient client, Action<BootStep> tell, CancellationToken cancellation)
    {
        var course = await BootWatch.FollowAsync(client, BootStepSigns.For(scenario.Xen), Slowness, tell, cancellation).ConfigureAwait(false);
        return course with { Failure = Blame(lab.Servers.Dead, course.Failure) };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await lab.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            KeepLogs(lab.Logs, logs);
        }
    }

    /// <summary>Copies logs to where they are kept.</summary>
    internal static void KeepLogs(string logs, string kept)
    {
        if (!Directory.Exists(logs))
        {
            return;
        }

        Directory.CreateDirectory(kept);
        foreach (var log in Directory.EnumerateFiles(logs))
        {
            File.Copy(log, Path.Combine(kept, Path.GetFileName(log)), overwrite: true);
        }
    }

    // A client whose server is gone complains of something else.
    private static BootFailure? Blame(ImmutableArray<string> dead, BootFailure? failure)
        => failure is null || dead.IsEmpty ? failure : failure with { Reason = $"the server {string.Join(" and ", dead)} had ended; {failure.Reason}" };
}
