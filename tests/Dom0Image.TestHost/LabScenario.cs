using System.Net;
using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Servers;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.TestHost;

/// <summary>Runs a boot lab with all servers and one client until it is killed, or told to end.</summary>
internal static class LabScenario
{
    /// <summary>Says <c>up</c> and the client's first words when they have come.</summary>
    public static async Task RunAsync(string work, MacAddress mac, bool end)
    {
        var address = IPAddress.Parse("192.168.0.5");
        var published = Path.Combine(work, "published");
        var site = new Site
        {
            Name = "test",
            File = "test.yaml",
            BootServer = address,
            Subnets = [new Subnet(IPNetwork.Parse("192.168.0.0/24"), null, [], null, null)],
            Profiles = [new BootProfile("dom0", "Xen dom0", null, Xen: true, null, [], [])],
            Hosts = [new BootHost("post01", mac, IPAddress.Parse("192.168.0.101"), "dom0")],
            RootLogin = new RootLogin(null, [], EmptyPasswordAllowed: false),
        };
        var files = BootFiles.Generate(site, new GenerationBoot("test-0123456789ab", [new BootKernel("xen", "kernel-6.12-xen")], "xen-4.20.gz"));
        new BootFilesWriter(files).WriteServerFiles(published);
        var tftp = Directory.CreateDirectory(published + Places.Tftp).FullName;
        var context = new StageContext(new BuildStore(Path.Combine(work, "store")), new ToolRunner(), new QuietProgress(), CancellationToken.None);
        await using var storage = await LabStorage.MakeAsync(Path.Combine(work, "storage"), site, context);
        var setup = new LabSetup(Path.Combine(work, "lab"), published + "/etc", storage, [new LabMount(tftp, Places.Tftp, Writable: true)], [(address, 24)], 1);
        await using var lab = await Lab.StartAsync(setup, new ToolRunner(), Acceleration.Tcg, CancellationToken.None);
        await using var client = await lab.SwitchOnAsync("post01", 0, mac, new ClientHardware(Firmware.Bios, NetworkCard.E1000));
        var said = await client.Console.ExpectAsync(new System.Text.RegularExpressions.Regex("SeaBIOS"), 0, TimeSpan.FromMinutes(10), CancellationToken.None);
        Console.WriteLine($"up {said?.Value}");
        if (!end)
        {
            await Task.Delay(Timeout.Infinite);
        }
        else
        {
            // The test looks at what runs, and then says when to end.
            await Task.Run(Console.ReadLine);
        }
    }
}
