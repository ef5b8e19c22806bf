using System.Net;
using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BootLab;

internal sealed class LabSiteSpecs
{
    private static readonly BootScenario Xen = new("xen", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true);

    [Test]
    public void I_boot_the_hosts_of_the_site_first_and_more_when_it_has_too_few()
    {
        var lab = LabSite.For(Site(), Xen with { Clients = 3 });

        Assert.That(lab.Hosts.Select(h => h.Name), Is.EqualTo(new[] { "post01", "boot-test-1", "boot-test-2" }));
        Assert.That(lab.Hosts.Select(h => h.Address).Distinct().Count(), Is.EqualTo(3));
        Assert.That(lab.Hosts.Select(h => h.Address), Has.None.EqualTo(IPAddress.Parse("192.168.0.5")), "the boot server's");
        Assert.That(lab.Hosts.Select(h => h.Mac).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void I_get_a_serial_line_on_every_profile_and_a_plain_kernel_where_the_site_has_none()
    {
        var lab = LabSite.For(Site(), Xen with { Xen = false });

        Assert.That(lab.Site.Profiles.Select(p => p.Serial), Is.All.EqualTo(SerialLine.Usual));
        Assert.That(lab.Site.Profiles.Single(p => p.Name == lab.Hosts[0].Profile).Xen, Is.False);
    }

    [Test]
    public void I_get_menus_and_server_files_from_the_generator_of_every_site()
    {
        var lab = LabSite.For(Site(), Xen with { ThroughDailyMenu = true });

        var files = BootFiles.Generate(lab.Site, new GenerationBoot("trixie-0123456789ab", [new BootKernel("xen", "kernel-6.12-xen")], "xen-4.20.gz"));

        Assert.That(files.Menus.Keys, Does.Contain("daily/post01.conf").And.Contain("post01.conf"));
        Assert.That(lab.Addresses, Has.Length.EqualTo(2), "the daily server answers at an address of its own");
    }

    [Test]
    public void One_of_several_hosts_boots_dom0_by_default_and_the_others_need_the_password()
    {
        var lab = LabSite.For(Site(), Xen with { ThroughDailyMenu = true, Clients = 3 });

        Assert.That(lab.Hosts.Select(h => h.Dom0ByDefault), Is.EqualTo(new[] { false, false, true }));
        Assert.That(LabSite.For(Site(), Xen with { Clients = 3 }).Hosts.Select(h => h.Dom0ByDefault), Has.None.True, "without a daily menu there is nothing to default to");
    }

    [Test]
    public void I_can_boot_from_a_server_behind_a_router_whose_part_the_lab_plays()
    {
        var lab = LabSite.For(Site() with { BootServer = IPAddress.Parse("10.0.0.5") }, Xen);

        Assert.That(lab.Hosts.Single().Name, Is.EqualTo("post01"));
        Assert.That(lab.Addresses, Is.EqualTo(new[] { (IPAddress.Parse("10.0.0.5"), 32), (IPAddress.Parse("192.168.0.1"), 24) }));
    }

    [Test]
    public void I_am_told_when_no_router_leads_to_the_boot_server()
    {
        var site = Site() with { BootServer = IPAddress.Parse("10.0.0.1"), Subnets = [Site().Subnets[0] with { Router = null }] };

        Assert.That(() => LabSite.For(site, Xen), Throws.TypeOf<BuildFailedException>().With.Message.Contains("10.0.0.1").And.Message.EndsWith("--boot-test=no leaves the boot test out."));
    }

    [Test]
    public void I_boot_clients_of_another_subnet_when_that_of_the_boot_server_is_full()
    {
        var own = new Subnet(IPNetwork.Parse("10.0.0.4/30"), IPAddress.Parse("10.0.0.6"), [], null, null);
        var site = Site() with { BootServer = IPAddress.Parse("10.0.0.5"), Subnets = [own, .. Site().Subnets] };

        var lab = LabSite.For(site, Xen with { Clients = 3, ThroughDailyMenu = true });

        Assert.That(lab.Hosts.Select(h => h.Address).ToArray(), Has.Length.EqualTo(3).And.All.Matches<IPAddress>(a => Site().Subnets[0].Network.Contains(a)));
        Assert.That(lab.Addresses.Select(a => a.PrefixLength), Is.EqualTo(new[] { 32, 24, 24 }), "the boot server, the daily server and the router");
    }

    [TestCase(3, "for 3 clients and a daily server in 192.168.0.0/29", "--clients=2 asks for less; --boot-test=no leaves")]
    [TestCase(9, "for 9 clients and a daily server in 192.168.0.0/29", "--clients=2 asks for less; --boot-test=no leaves")]
    [TestCase(2, null, null)]
    public void I_am_told_how_many_clients_a_small_subnet_has_room_for(int clients, string? problem, string? hint)
    {
        // 1 is the router, 5 the server, 6 a host; 2 is in the range: 3 and 4 are left.
        var small = new Subnet(IPNetwork.Parse("192.168.0.0/29"), IPAddress.Parse("192.168.0.1"), [], null, new AddressRange(IPAddress.Parse("192.168.0.2"), IPAddress.Parse("192.168.0.2")));
        var site = Site() with { Subnets = [small], Hosts = [Site().Hosts[0] with { Address = IPAddress.Parse("192.168.0.6") }] };
        var scenario = Xen with { Clients = clients, ThroughDailyMenu = true };

        if (problem is null)
        {
            Assert.That(LabSite.For(site, scenario).Hosts.Select(h => $"{h.Address}"), Is.EqualTo(new[] { "192.168.0.6", "192.168.0.3" }));
        }
        else
        {
            Assert.That(() => LabSite.For(site, scenario), Throws.TypeOf<BuildFailedException>().With.Message.Contains(problem).And.Message.Contains(hint!));
        }
    }

    [Test]
    public void I_boot_the_profiles_own_kernel_by_UEFI()
    {
        var site = Site() with { Hosts = [Site().Hosts[0] with { Flavour = "other" }] };

        Assert.That(LabSite.For(site, Xen).Hosts[0].Flavour, Is.EqualTo("other"));
        Assert.That(LabSite.For(site, Xen with { Hardware = new ClientHardware(Firmware.Uefi, NetworkCard.Virtio) }).Hosts[0].Flavour, Is.Null);
    }

    [Test]
    public void My_lab_lets_root_in_and_leaves_every_other_account_as_it_is()
    {
        string[] shadow = ["root:*:20000:0:99999:7:::", "daemon:*:20000:0:99999:7:::"];

        var lines = LabLogin.Shadow(shadow).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines[0], Does.StartWith("root:$6$").And.EndsWith(":20000:0:99999:7:::"));
        Assert.That(lines[1], Is.EqualTo(shadow[1]));
    }

    [Test]
    public void My_menus_password_has_the_form_that_GRUB_takes() => Assert.That(LabLogin.MenuHash, Throws.Nothing);

    internal static Site Site() => new()
    {
        Name = "test",
        File = "test.yaml",
        BootServer = IPAddress.Parse("192.168.0.5"),
        Subnets = [new Subnet(IPNetwork.Parse("192.168.0.0/24"), IPAddress.Parse("192.168.0.1"), [], "lab.example.org", null)],
        Profiles = [new BootProfile("dom0", "Xen dom0", null, Xen: true, BootOption.Parse("dom0_mem=512M,max:512M"), [], [])],
        Hosts = [new BootHost("post01", MacAddress.Parse("52-54-00-00-01-01"), IPAddress.Parse("192.168.0.101"), "dom0")],
        RootLogin = new RootLogin(null, [], EmptyPasswordAllowed: false),
    };
}
