using System.Net;
using Dom0Image.Boot.Dhcp;
using Dom0Image.Boot.Loaders;
using Dom0Image.Boot.Servers;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Servers;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Leases;

/// <summary>What each DHCP server, fed with its files and started as in a lab, tells firmware of each kind.</summary>
internal sealed class FirmwareSpecs
{
    private const int NobodysArchitecture = 0x00ff;

    private static readonly IPAddress Relay = IPAddress.Parse("192.168.0.250");

    private static IEnumerable<TestCaseData> Servers() => DhcpServers.All.Select(server => new TestCaseData(server).SetArgDisplayNames(server.Service.Name));

    [TestCaseSource(nameof(Servers))]
    public Task My_listed_host_gets_its_address_and_the_loader_of_its_firmware(IBootServer server) => AskAsync(server, Sites.OneServer(), taker =>
    {
        var host = Sites.OneServer().Hosts[0];

        foreach (var loader in NetworkLoaders.All)
        {
            Assert.That(loader.Architectures.Select(code => taker.LoaderFor(host.Mac, code)), Is.All.EqualTo(loader.File));
        }

        Assert.That(taker.LoaderFor(host.Mac, null), Is.EqualTo(NetworkLoaders.All.Single(loader => loader.ForUntold).File));
        Assert.That(taker.LoaderFor(host.Mac, NobodysArchitecture), Is.Empty);
        Assert.That(taker.Take(host.Mac), Is.EqualTo(host.Address));
    });

    [TestCaseSource(nameof(Servers))]
    public Task A_machine_that_I_do_not_list_gets_an_address_of_the_range_and_a_loader_where_there_is_a_menu_for_it(IBootServer server) => AskAsync(server, Sites.OneServer(), taker =>
    {
        Assert.That(taker.LoaderFor(DhcpTaker.Mac(1), 0x0007), Is.EqualTo(GrubEfi.Loader.File));
        Assert.That(taker.Take(DhcpTaker.Mac(1)), Is.Not.Null.And.Matches<IPAddress>(Sites.OneServer().Subnets[0].Range!.Contains));
    });

    [TestCaseSource(nameof(Servers))]
    public Task A_machine_that_I_do_not_list_gets_no_loader_where_there_is_no_menu_for_it(IBootServer server)
        => AskAsync(server, Sites.OneServer() with { DefaultProfile = null }, taker => Assert.That(taker.LoaderFor(DhcpTaker.Mac(1), 0x0007), Is.Empty));

    [TestCaseSource(nameof(Servers))]
    public Task A_machine_that_I_do_not_list_gets_nothing_where_there_is_no_range(IBootServer server)
        => AskAsync(server, Sites.OneServer() with { Subnets = [Sites.OneServer().Subnets[0] with { Range = null }] }, taker => Assert.That(taker.LoaderFor(DhcpTaker.Mac(1), 0x0007), Is.Null));

    private static async Task AskAsync(IBootServer server, Site site, Action<DhcpTaker> ask)
    {
        using var temp = new TempDirectory();
        List<IAsyncDisposable> running = [];
        var tools = new ToolRunner();
        var inside = await LabNamespace.StartAsync(tools, default);
        try
        {
            await LabNetwork.CreateAsync(inside, [(site.BootServer, 24)], 0, default);
            foreach (var file in server.Files)
            {
                temp.Write($"published{file.Place}", string.Join('\n', file.Lines(site) ?? []) + "\n");
            }

            var root = await LabRoot.CreateAsync(inside, temp.Make("root"), [new LabMount(temp["published/etc"], LabRoot.Configuration)], default);
            foreach (var (command, port) in server.InLab(new LabGround(root.Directory, temp["published/etc"], LabRoot.Configuration, [site.BootServer], [LabNetwork.Bridge])))
            {
                running.Add(await LabServer.StartAsync(inside, root, command, port, temp.Make("logs"), default));
            }

            using var taker = await LeaseLab.OtherAsync(running, tools, inside, Relay, site.BootServer);
            ask(taker);
        }
        finally
        {
            foreach (var one in running.Append(inside))
            {
                await one.DisposeAsync();
            }
        }
    }
}
