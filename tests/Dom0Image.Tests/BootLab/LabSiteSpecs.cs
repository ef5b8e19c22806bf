using System.Net;
using System.Net.NetworkInformation;
using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BootLab;

public sealed class LabSiteSpecs
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

        Assert.That(lab.Site.Profiles.Select(p => p.Serial), Is.All.EqualTo("0,115200"));
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
    public void I_am_told_when_the_boot_server_is_in_no_subnet()
    {
        var site = Site() with { BootServer = IPAddress.Parse("10.0.0.1") };

        Assert.That(() => LabSite.For(site, Xen), Throws.TypeOf<BuildFailedException>().With.Message.Contains("10.0.0.1"));
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
    public void My_menus_password_has_the_form_that_GRUB_takes() => Assert.That(MenuPassword.IsHash(LabLogin.MenuHash()), Is.True);

    internal static Site Site() => new()
    {
        Name = "test",
        File = "test.yaml",
        BootServer = IPAddress.Parse("192.168.0.5"),
        Subnets = [new Subnet(IPNetwork.Parse("192.168.0.0/24"), IPAddress.Parse("192.168.0.1"), [], "lab.example.org", null)],
        Profiles = [new BootProfile("dom0", "Xen dom0", null, Xen: true, "512M,max:512M", [], [])],
        Hosts = [new BootHost("post01", PhysicalAddress.Parse("52-54-00-00-01-01"), IPAddress.Parse("192.168.0.101"), "dom0")],
        RootLogin = new RootLogin(null, [], EmptyPasswordAllowed: false),
    };
}
