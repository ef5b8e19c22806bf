using System.Net;
using System.Text.RegularExpressions;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Serial;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BootLab;

/// <summary>
/// Clients with two cards: the firmware boots from the first; the second is in another room's network, whose DHCP answers the
/// kernel first, and from which the boot server is reached, too.
/// </summary>
[Category("Long_client_network")]
internal sealed class SeveralCardsSpecs
{
    private static readonly Subnet OtherRoom = new(
        IPNetwork.Parse("192.168.1.0/24"), IPAddress.Parse("192.168.1.1"), [], null, new AddressRange(IPAddress.Parse("192.168.1.10"), IPAddress.Parse("192.168.1.20")));

    private static readonly ClientHardware Hardware = new(Firmware.Bios, NetworkCard.E1000);

    [Test]
    public async Task My_root_comes_over_the_card_that_I_name_and_over_no_other_than_the_menus()
    {
        LabSite? booted = null;
        await using var lab = await ClientLab.StartAsync(
            await BuiltGeneration.GetAsync(),
            new BootScenario("cards", Hardware, Xen: false) { Clients = 3 },
            site => booted = WithTwoCards(site),
            setup: setup => setup with { OtherNetwork = (OtherRoom.Router!, OtherRoom.Network.PrefixLength) });

        var boots = await Task.WhenAll(booted!.Hosts.Select((host, index) => BootAsync(lab, host, index)));

        // The site knows nothing of its second card.
        var (stopped, course) = boots[0];
        Assert.That(course.Failure?.Reason ?? "it booted", Does.Contain("dom0-ramtree: FAILED at step 'card'"), () => Told(stopped) + File.ReadAllText(Path.Combine(lab.Lab.Logs, "dhcpd.log")));
        Assert.That(course.Failure!.LastStep, Is.EqualTo(BootStep.RootMounted));
        Assert.That(course.Failure.Hint, Does.Contain("'interface: eth0' of the host in the site"));
        Assert.That(string.Join('\n', stopped.Console.Lines.Select(l => l.Text)), Does.Contain(
            $"The root is mounted over eth1 {OtherCardOf(0)}, but the menu is of {booted.Hosts[0].Mac}"));

        // It names its interface.
        Assert.That(boots[1].Course.Failure?.ToString(), Is.Null);
        Assert.That(await ProveAsync(lab, boots[1].Client, "eth0"), Is.EqualTo($"ok {booted.Hosts[1].Mac}"));

        // Both cards are its own: with an address in this subnet it gets none in the other one.
        Assert.That(boots[2].Course.Failure?.ToString(), Is.Null);
        var both = $"{booted.Hosts[2].Mac},{OtherCardOf(2)}";
        Assert.That(await ProveAsync(lab, boots[2].Client, both), Is.EqualTo($"ok {both}"));
    }

    private static string Told(LabClient client) => string.Join('\n', client.Console.Lines.Select(l => l.Text).Where(l => l.Contains("device=", StringComparison.Ordinal) || l.Contains("dom0", StringComparison.Ordinal) || l.Contains("eth", StringComparison.Ordinal))) + "\n";

    private static MacAddress OtherCardOf(int index) => MacAddress.Parse($"52:54:00:b0:ff:{index:x2}");

    private static LabSite WithTwoCards(LabSite site)
    {
        BootHost[] hosts = [site.Hosts[0], site.Hosts[1] with { Interface = "eth0" }, site.Hosts[2] with { OtherMacs = [OtherCardOf(2)] }];
        return site with
        {
            Hosts = [.. hosts],
            Site = site.Site with { Hosts = [.. hosts, .. site.Site.Hosts.Skip(hosts.Length)], Subnets = [.. site.Site.Subnets, OtherRoom] },
        };
    }

    private static async Task<(LabClient Client, BootCourse Course)> BootAsync(ClientLab lab, BootHost host, int index)
    {
        var cut = Task.CompletedTask;
        var booted = await lab.BootAsync(host, index, Hardware with { OtherCard = OtherCardOf(index) }, step => cut = step == BootStep.Kernel ? CutOffAsync(lab, index) : cut);
        await cut;
        return booted;
    }

    // From the kernel's first word on nothing passes between the first card and its network: for good where the root is to come over the
    // second one, and else until the kernel was seen to ask, over the one that it was named or over the second one.
    private static async Task CutOffAsync(ClientLab lab, int index)
    {
        await lab.Lab.Inside.RunAsync(new ToolCommand("ip", "link", "set", LabNetwork.TapOf(index), "nomaster"), default);
        if (index == 0)
        {
            return;
        }

        var limit = TimeSpan.FromSeconds(60) * lab.Slowness;
        if (index == 1)
        {
            Assert.That(await lab.Clients[index].Console.ExpectAsync(new Regex("Sending DHCP requests"), 0, limit, CancellationToken.None), Is.Not.Null);
        }
        else
        {
            var log = Path.Combine(lab.Lab.Logs, "dhcpd.log");
            Assert.That(() => File.ReadAllText(log), Does.Contain($"DHCPDISCOVER from {OtherCardOf(index)}").After((int)limit.TotalMilliseconds, 200));
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
        await lab.Lab.Inside.RunAsync(new ToolCommand("ip", "link", "set", LabNetwork.TapOf(index), "master", LabNetwork.Bridge), default);
    }

    private static async Task<string> ProveAsync(ClientLab lab, LabClient client, string wanted)
    {
        var shell = await ClientShell.LogInAsync(client.Console, LabLogin.Password, lab.Slowness, CancellationToken.None);
        var fetch = lab.Lab.Channel.Offer("cards", CheckScript.Resource("check-head.sh") + CheckScript.Resource("check-network.sh") + $"lease lent\nroot_card {wanted}\n");
        var said = await lab.RunAsync(shell, $"{fetch} >/run/cards && sh /run/cards");
        var checks = ClientTestimony.Read(said.Split('\n')).Checks;
        Assert.That(checks.Single(c => c.Name == "lease-renewed").Passed, Is.True, said);
        var card = checks.Single(c => c.Name == "root-card");
        return $"{(card.Passed ? "ok" : "fail")} {card.Detail}";
    }
}
