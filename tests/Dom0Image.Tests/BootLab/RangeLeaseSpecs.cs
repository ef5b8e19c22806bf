using System.Net;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Tests.Leases;

namespace Dom0Image.Tests.BootLab;

/// <summary>A client that the site does not list, with an address that is lent for a minute, and a server that asks nobody whether it is free.</summary>
[Category("Long_client_network")]
internal sealed class RangeLeaseSpecs
{
    private const int Addresses = 4;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly IPAddress Server = IPAddress.Parse("192.168.0.5");

    [TestCase("trixie")]
    [TestCase("trixie-systemd")]
    public async Task I_keep_my_root_over_an_address_that_is_lent_to_me_and_lose_it_when_nobody_renews_it(string recipe)
    {
        var hardware = new ClientHardware(Firmware.Bios, NetworkCard.E1000);
        BootHost? unlisted = null;
        await using var lab = await ClientLab.StartAsync(
            await BuiltGeneration.GetAsync(recipe),
            new BootScenario("range", hardware, Xen: false),
            site =>
            {
                unlisted = site.Hosts[0];
                var range = new AddressRange(IPAddress.Parse("192.168.0.200"), IPAddress.Parse($"192.168.0.{200 + Addresses - 1}"));
                return site with { Site = site.Site with { Hosts = [.. site.Site.Hosts.Skip(1)], DefaultProfile = unlisted.Profile, Subnets = [site.Subnet with { Range = range }] } };
            },
            files =>
            {
                var dhcpd = files.Configuration + "/dhcp/dhcpd.conf";
                File.WriteAllText(dhcpd, LeaseLab.Short(File.ReadAllText(dhcpd), Lease));
            });
        var shell = await lab.LogInAsync(unlisted!, 0, hardware);
        var running = new List<IAsyncDisposable>();
        try
        {
            using var taker = await LeaseLab.OtherAsync(running, new ToolRunner(), lab.Lab.Inside, IPAddress.Parse("192.168.0.250"), Server);
            await Task.Delay(2.5 * Lease);

            var own = IPAddress.Parse((await lab.RunAsync(shell, "ip -4 -o addr show dev eth0 | sed 's/.*inet //; s,/.*,,'")).Trim());
            Assert.That(taker.TakeAll(), Has.Count.EqualTo(Addresses - 1).And.None.EqualTo(own));
            Assert.That(await lab.RunAsync(shell, "cat /run/dom0-lease"), Does.Match($@"^{own} is renewed by {Server} for 60 s, for the ([4-9]|\d\d)\. time"));

            await lab.RunAsync(shell, "kill -STOP $(pgrep -x dom0-lease)");
            await Task.Delay(1.2 * Lease);
            Assert.That(taker.TakeAll(), Does.Contain(own), "nobody renews it");
        }
        finally
        {
            foreach (var one in running)
            {
                await one.DisposeAsync();
            }
        }
    }
}
