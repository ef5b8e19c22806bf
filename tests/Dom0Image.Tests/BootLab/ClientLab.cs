using System.Collections.Concurrent;
using Dom0Image.Boot.Loaders;
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
    private readonly ConcurrentDictionary<int, LabClient> _clients = new();
    private readonly BootScenario _scenario;
    private LabStorage? _storage;
    private Lab? _lab;
    private LabSite? _site;

    private ClientLab(BootScenario scenario) => _scenario = scenario;

    /// <summary>The lab.</summary>
    public Lab Lab => _lab!;

    /// <summary>What it exports.</summary>
    public LabStorage Storage => _storage!;

    /// <summary>Its site.</summary>
    public LabSite Site => _site!;

    /// <summary>The clients that were switched on.</summary>
    public IReadOnlyDictionary<int, LabClient> Clients => _clients;

    /// <summary>Factor for limits of time.</summary>
    public double Slowness { get; } = 2 * ScenarioRun.Busy();

    /// <summary>Starts one.</summary>
    /// <param name="built">What is served.</param>
    /// <param name="scenario">What the site is made for, and how many clients there are.</param>
    /// <param name="site">Changes the site of the lab.</param>
    /// <param name="files">Changes what the servers are fed with.</param>
    /// <param name="setup">Changes the lab.</param>
    /// <param name="images">Puts images of domains into what it exports.</param>
    public static async Task<ClientLab> StartAsync(
        BuiltGeneration built, BootScenario scenario, Func<LabSite, LabSite>? site = null, Action<LabFiles>? files = null, Func<LabSetup, LabSetup>? setup = null, Func<BootTestPlan, LabStorage, Task>? images = null)
    {
        var lab = new ClientLab(scenario);
        try
        {
            await lab.ServeAsync(built, site ?? (same => same), files ?? (_ => { }), setup ?? (same => same), images ?? ((_, _) => Task.CompletedTask));
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
        _clients[index] = client;
        return (client, await BootWatch.FollowAsync(client, BootStepSigns.For(_scenario.Xen), Slowness, tell ?? (_ => { }), CancellationToken.None));
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
        try
        {
            foreach (var client in _clients.Values)
            {
                await client.DisposeAsync();
            }
        }
        finally
        {
            // With the lab goes all that still runs in it, and with the storage its mounts.
            await (_lab?.DisposeAsync() ?? default);
            await (_storage?.DisposeAsync() ?? default);
            _temp.Dispose();
        }
    }

    private async Task ServeAsync(BuiltGeneration built, Func<LabSite, LabSite> change, Action<LabFiles> changeFiles, Func<LabSetup, LabSetup> changeSetup, Func<BootTestPlan, LabStorage, Task> addImages)
    {
        var context = built.Context;
        var plan = built.Plan([_scenario], _temp["report"]);
        _site = change(LabSite.For(plan.Site, _scenario));
        _storage = await LabStorage.MakeAsync(_temp["storage"], Site.Site, context);
        await LabImage.CopyAsync(plan.Generation, Storage.Generations, context);
        await addImages(plan, Storage);
        var files = LabFiles.Write(_temp.Make("work"), Site, plan.Generation, plan.Boot, await GrubImages.MakeAsync(context, BootTest.Serial));
        changeFiles(files);
        _lab = await Lab.StartAsync(
            changeSetup(new LabSetup(_temp["work"], files.Configuration, Storage, files.Mounts, Site.Addresses, _scenario.Clients)), context.Tools, Acceleration.Tcg, CancellationToken.None);
    }
}
