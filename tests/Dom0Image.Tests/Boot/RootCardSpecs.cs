using Dom0Image.Boot;
using Dom0Image.Boot.Dhcp;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.Tests.Recipes;

namespace Dom0Image.Tests.Boot;

/// <summary>Hosts with more than one network card.</summary>
internal sealed class RootCardSpecs
{
    /// <summary>A host that boots from either of its cards.</summary>
    internal static readonly BootHost TwoCards = Sites.OneServer().Hosts[0] with { OtherMacs = [MacAddress.Parse("52-54-00-12-34-0A")] };

    [Test]
    public void I_get_one_address_and_one_menu_whichever_card_my_firmware_boots_from()
    {
        var set = Sites.Files(Sites.TwoServers() with { Hosts = [TwoCards] });
        var dhcpd = string.Join('\n', IscDhcpServer.Render(Sites.OneServer() with { Hosts = [TwoCards] }));

        foreach (var mac in new[] { "52:54:00:12:34:01", "52:54:00:12:34:0a" })
        {
            Assert.That(dhcpd, Does.Match($"hardware ethernet {mac};\n    fixed-address 192.168.0.101;\n    option host-name \"post01\";"));
            Assert.That(set.Menus[$"by-mac/{mac}.conf"], Is.EqualTo(new BootLink("../post01.conf")));
            Assert.That(set.Menus[$"daily/by-mac/{mac}.conf"], Is.EqualTo(new BootLink("../post01.conf")));
        }

        Assert.That(Sites.Menu(set, "post01.conf"), Does.Contain(" dom0.mac=52:54:00:12:34:01,52:54:00:12:34:0a ").And.Contain(" ip=dhcp "));
    }

    [Test]
    public void I_get_my_root_over_the_interface_that_I_name()
    {
        var set = Sites.Files(Sites.OneServer() with { Hosts = [Sites.OneServer().Hosts[0] with { Interface = "eth1" }] });

        Assert.That(Sites.Menu(set, "post01.conf"), Does.Contain(" ip=:::::eth1:dhcp ").And.Not.Contain("dom0.mac"));
    }

    [Test]
    public void The_kernel_is_told_which_card_the_menu_came_over()
    {
        var set = Sites.Files(Sites.OneServer());

        Assert.That(Sites.Menu(set, "post01.conf"), Does.Contain("/kernels/kernel-6.12-xen-pIV-rltk dom0.mac=$net_default_mac console="), "GRUB puts it in");
        Assert.That(Sites.Menu(set, "default.conf"), Does.Contain(" dom0.mac=$net_default_mac "), "also of hosts that are not listed");
    }

    [Test]
    public void Nothing_is_compared_where_the_profile_says_itself_where_the_address_is_from()
    {
        var own = Sites.OneServer() with { Profiles = [Sites.Dom0 with { KernelOptions = Sites.Options("ip=192.168.0.101::::::off") }, Sites.Plain] };

        Assert.That(Sites.Menu(Sites.Files(own), "post01.conf"), Does.Not.Contain("dom0.mac").And.Not.Contain("ip=dhcp"));
    }

    [TestCase("", "00:11:22:33:44:55", true)]
    [TestCase("ip=dhcp", "any", true)]
    [TestCase("ip=on", "any", true)]
    [TestCase("ip=dhcp,1,lab", "any", true)]
    [TestCase("ip=:::::eth1:dhcp", "any", true)]
    [TestCase("ip=192.168.0.101::::::off", "any", false)]
    [TestCase("ip=dhcp ip=none", "any", false)]
    public void A_booted_client_is_held_against_what_its_profile_says_of_its_address(string options, string card, bool lent)
    {
        var host = new BootHost("post01", MacAddress.Parse("00-11-22-33-44-55"), System.Net.IPAddress.Parse("192.168.0.101"), "dom0");
        var profile = Sites.Dom0 with { KernelOptions = Sites.Options(options.Split(' ', StringSplitOptions.RemoveEmptyEntries)) };

        Assert.That((RootCard.Expected(profile, host), RootCard.IsLent(profile)), Is.EqualTo((card, lent)));
    }

    [Test]
    public void I_can_write_one_card_or_several()
    {
        var site = Read(BadRecipes.Site.Replace("mac: 00:11:22:33:44:55", "interface: eth1, mac: [00:11:22:33:44:55, 00-11-22-33-44-57]", StringComparison.Ordinal));

        Assert.That(site.Hosts[0].Macs, Is.EqualTo(new[] { MacAddress.Parse("00-11-22-33-44-55"), MacAddress.Parse("00-11-22-33-44-57") }));
        Assert.That(site.Hosts[0].Interface, Is.EqualTo("eth1"));
        Assert.That(site.Hosts[1].Macs, Is.EqualTo(new[] { MacAddress.Parse("00-11-22-33-44-56") }));
    }

    [Test]
    public void I_am_told_when_host_and_profile_both_say_which_interface()
    {
        var text = BadRecipes.Site.Replace("[noapic]", "[ip=:::::eth1:dhcp]", StringComparison.Ordinal);
        var profile = text.Split('\n').Single(line => line.Contains("eth1", StringComparison.Ordinal)).Split(':')[0].Trim();

        Assert.That(() => Read(text.Replace($"profile: {profile} }}", $"profile: {profile}, interface: eth0 }}", StringComparison.Ordinal)), Throws.TypeOf<BuildFailedException>()
            .With.Message.Match(@":1[12]:\d+: host 'post0[12]' names its interface, but its profile '.*' says 'ip=:::::eth1:dhcp'; expected one of both"));
    }

    private static Site Read(string text)
    {
        using var directory = new TempDirectory();
        return SiteReader.Read(directory.Write("site.yaml", text));
    }
}
