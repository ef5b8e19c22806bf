using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Boot;

/// <summary>Every file, read by the program that will read it.</summary>
public sealed class RealToolSpecs
{
    private Workshop _workshop = null!;

    [SetUp]
    public void Open() => _workshop = new Workshop();

    [TearDown]
    public void Close() => _workshop.Dispose();

    private static IEnumerable<TestCaseData> SitesOfAllKinds() =>
    [
        new TestCaseData(Sites.OneServer()).SetArgDisplayNames("one server"),
        new TestCaseData(Sites.TwoServers()).SetArgDisplayNames("two servers"),
        new TestCaseData(Sites.OneServer() with { DefaultProfile = null, Hosts = [], MenuPasswordHash = null }).SetArgDisplayNames("no hosts"),
        new TestCaseData(Sites.TwoServers() with
        {
            Subnets = [new Subnet(System.Net.IPNetwork.Parse("192.168.0.0/24"), null, [], null, null), new Subnet(System.Net.IPNetwork.Parse("10.0.0.0/8"), null, [], null, null)],
            Profiles = [Sites.Dom0 with { Serial = "0,115200" }, Sites.Plain with { Serial = "0,115200" }],
        }).SetArgDisplayNames("bare subnets and serial lines"),
    ];

    [TestCaseSource(nameof(SitesOfAllKinds))]
    public async Task I_get_files_that_GRUB_dhcpd_and_the_NFS_servers_accept(Site site)
    {
        await BootFileCheck.CheckAsync(Sites.Files(site), _workshop.Context);

        Assert.That(_workshop.Warnings, Is.Empty);
    }

    [Test]
    public void I_am_told_which_file_a_server_refuses()
    {
        var set = Sites.Files(Sites.OneServer());
        set = set with { ServerFiles = set.ServerFiles.SetItem("/etc/dhcp/dhcpd.conf", new BootText("subnet 10.0.0.0 {\n")) };
        set = set with { Menus = set.Menus.SetItem("broken.conf", new BootText("menuentry 'x' {\n")) };

        var failure = Assert.ThrowsAsync<BuildFailedException>(() => BootFileCheck.CheckAsync(set, _workshop.Context));

        Assert.That(failure!.Diagnostics.Select(d => d.What), Has.Some.StartsWith("/etc/dhcp/dhcpd.conf ").And.Some.StartsWith("broken.conf "));
    }

    [Test]
    public void I_am_told_which_menu_names_a_file_that_is_not_there()
    {
        var set = Sites.Files(Sites.OneServer());

        var failure = Assert.ThrowsAsync<BuildFailedException>(
            () => BootFileCheck.CheckAsync(set, _workshop.Context, file => !file.EndsWith("e1000", StringComparison.Ordinal)));

        Assert.That(failure!.Diagnostics, Has.Count.EqualTo(1));
        Assert.That(failure.Message, Does.Contain("post02.conf").And.Contain("/generations/trixie-0123456789ab/kernels/kernel-6.12-xen-e1000"));
    }
}
