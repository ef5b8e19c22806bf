using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Servers;
using Dom0Image.BootLab.Steps;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BootLab;

/// <summary>A built generation, served in a lab whose site and files a test has changed; clients are switched on one by one.</summary>
internal sealed class ClientLab : IAsyncDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly List<LabClient> _clients = [];
    private LabStorage? _storage;
    private Lab? _lab;

    private ClientLab()
    {
    }

    /// <summary>The lab.</summary>
    public Lab Lab => _lab!;

    /// <summary>Factor for limits of time.</summary>
    public double Slowness { get; } = 2 * ScenarioRun.Busy();

    /// <summary>Starts one.</summary>
    /// <param name="built">What is served.</param>
    /// <param name="scenario">What the site is made for, and how many clients there are.</param>
    /// <param name="site">Changes the site of the lab.</param>
    /// <param name="files">Changes what the servers are fed with.</param>
    /// <param name="setup">Changes the lab.</param>
    public static async Task<ClientLab> StartAsync(BuiltGeneration built, BootScenario scenario, Func<LabSite, LabSite> site, Action<LabFiles> files, Func<LabSetup, LabSetup>? setup = null)
    {
        var lab = new ClientLab();
        try
        {
            await lab.ServeAsync(built, scenario, site, files, setup ?? (same => same));
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Switches a client on and follows its boot to its end.</summary>
    public async Task<(LabClient Client, BootCourse Course)> BootAsync(BootHost host, int index, ClientHardware hardware, Action<BootStep>? tell = null)
    {
        var client = await Lab.SwitchOnAsync(host.Name, index, host.Mac, hardware);
        lock (_clients)
        {
            _clients.Add(client);
        }

        return (client, await BootWatch.FollowAsync(client, BootStepSigns.For(xen: false), Slowness, tell ?? (_ => { }), CancellationToken.None));
    }

    /// <summary>Boots a client to a root shell.</summary>
    public async Task<ClientShell> LogInAsync(BootHost host, int index, ClientHardware hardware)
    {
        var (client, course) = await BootAsync(host, index, hardware);
        Assert.That(course.Failure?.ToString(), Is.Null);
        return await ClientShell.LogInAsync(client.Console, LabLogin.Password, Slowness, CancellationToken.None);
    }

    /// <summary>Runs a command in a client; gives what it said.</summary>
    public async Task<string> RunAsync(ClientShell shell, string command)
        => string.Join('\n', (await shell.RunAsync(command, TimeSpan.FromSeconds(60) * Slowness, CancellationToken.None)).Lines);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await (_lab?.DisposeAsync() ?? default);
        await (_storage?.DisposeAsync() ?? default);
        _temp.Dispose();
    }

    private async Task ServeAsync(BuiltGeneration built, BootScenario scenario, Func<LabSite, LabSite> change, Action<LabFiles> changeFiles, Func<LabSetup, LabSetup> changeSetup)
    {
        var context = built.Context;
        var plan = built.Plan([scenario], _temp["report"]);
        var site = change(LabSite.For(plan.Site, scenario));
        _storage = await LabStorage.MakeAsync(_temp["storage"], site.Site, context);
        await LabImage.CopyAsync(plan.Generation, _storage.Generations, context);
        var files = LabFiles.Write(_temp.Make("work"), site, plan.Generation, plan.Boot, await GrubImages.MakeAsync(context, BootTest.Serial));
        changeFiles(files);
        _lab = await Lab.StartAsync(
            changeSetup(new LabSetup(_temp["work"], files.Configuration, _storage, files.Mounts, site.Addresses, scenario.Clients)), context.Tools, Acceleration.Tcg, CancellationToken.None);
    }
}
