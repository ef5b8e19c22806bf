using Dom0Image.Boot;
using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Servers;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Tests.RootFs;

namespace Dom0Image.Tests.BootLab;

/// <summary>A lab with the real servers and loaders, menus of a small site, and no generation: clients get as far as to fetch a kernel.</summary>
internal sealed class MenuLab : IAsyncDisposable
{
    private const string Id = "test-0123456789ab";

    private readonly TempDirectory _temp;
    private readonly TestImage _image;
    private readonly LabStorage _storage;

    private MenuLab(TempDirectory temp, TestImage image, LabStorage storage, LabSite site, Lab lab)
    {
        _storage = storage;
        _temp = temp;
        _image = image;
        Site = site;
        Lab = lab;
    }

    public LabSite Site { get; }

    public Lab Lab { get; }

    /// <summary>Where the lab works.</summary>
    public string Path => _temp.Path;

    /// <summary>Starts one.</summary>
    /// <param name="scenario">What will be booted.</param>
    /// <param name="change">Changes the files before they are served.</param>
    /// <param name="logs">Directory that is to hold the logs; null for one of the lab's.</param>
    public static async Task<MenuLab> StartAsync(BootScenario scenario, Action<LabFiles> change, string? logs = null)
    {
        var temp = new TempDirectory();
        var image = new TestImage();
        try
        {
            return await StartAsync(temp, image, scenario, change, logs);
        }
        catch
        {
            image.Dispose();
            temp.Dispose();
            throw;
        }
    }

    public Task<LabClient> SwitchOnAsync() => Lab.SwitchOnAsync(Site.Hosts[0].Name, 0, Site.Hosts[0].Mac, new ClientHardware(Firmware.Bios, NetworkCard.E1000));

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        await _storage.DisposeAsync();
        _image.Dispose();
        _temp.Dispose();
    }

    private static async Task<MenuLab> StartAsync(TempDirectory temp, TestImage image, BootScenario scenario, Action<LabFiles> change, string? logs)
    {
        var site = LabSite.For(LabSiteSpecs.Site(), scenario);
        var boot = new GenerationBoot(Id, [new BootKernel("xen", "kernel-6.12-xen")], "xen-4.20.gz");
        var generation = GenerationTree.Finished(new Places(temp["prefix"]), Id);
        Directory.CreateDirectory(generation.TftpDirectory);
        var loaders = await GrubImages.MakeAsync(image.Context(), LabSite.SerialLine);
        var files = LabFiles.Write(temp.Make("work"), site, generation, boot, loaders);
        change(files);
        if (logs is not null)
        {
            File.CreateSymbolicLink(temp["work/logs"], logs);
        }

        var storage = await LabStorage.MakeAsync(temp["storage"], site.Site, image.Context());
        try
        {
            var setup = new LabSetup(temp["work"], files.Configuration, storage, files.Mounts, site.Addresses, site.Hosts.Length);
            return new MenuLab(temp, image, storage, site, await Lab.StartAsync(setup, new ToolRunner(), Acceleration.Tcg, CancellationToken.None));
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }
}
