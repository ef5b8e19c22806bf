using System.Collections.Concurrent;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Servers;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BootLab;

/// <summary>A built generation, served in a lab whose site and files a test has changed; clients are switched on one by one.</summary>
internal sealed class ClientLab : IAsyncDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly ConcurrentDictionary<int, LabClient> _clients = new();
    private readonly BootScenario _scenario;
    private LabImage? _image;
    private ScenarioLab? _lab;

    private ClientLab(BootScenario scenario) => _scenario = scenario;

    /// <summary>The lab.</summary>
    public Lab Lab => _lab!.Lab;

    /// <summary>What it exports.</summary>
    public LabStorage Storage => _image!.Storage;

    /// <summary>Its site.</summary>
    public LabSite Site => _lab!.Site;

    /// <summary>The clients that were switched on.</summary>
    public IReadOnlyDictionary<int, LabClient> Clients => _clients;

    /// <summary>Factor for limits of time.</summary>
    public double Slowness { get; } = 2 * LoadAverage.Slowness();

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
            var none = LabChanges.None;
            await lab.ServeAsync(built, none with { Site = site ?? none.Site, Files = files ?? none.Files, Setup = setup ?? none.Setup }, images ?? ((_, _) => Task.CompletedTask));
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
            await (_image?.DisposeAsync() ?? default);
            _temp.Dispose();
        }
    }

    private async Task ServeAsync(BuiltGeneration built, LabChanges changes, Func<BootTestPlan, LabStorage, Task> addImages)
    {
        var plan = built.Plan([_scenario], _temp["report"]);
        _image = await LabImage.MakeAsync(plan, "client-lab", built.Context);
        await addImages(plan, Storage);
        _lab = await _image.BringUpAsync(_scenario, _temp["logs"], changes, CancellationToken.None);
    }
}
