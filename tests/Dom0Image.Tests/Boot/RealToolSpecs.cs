using Dom0Image.Boot;
using Dom0Image.Boot.Dhcp;
using Dom0Image.Boot.Nfs;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Boot;

/// <summary>Every file, read by the program that will read it.</summary>
internal sealed class RealToolSpecs
{
    // $1 the server's address. Where dhcpd may read and write there is nothing of this machine's.
    private const string StartDhcpd =
        """
        mount -t tmpfs tmpfs /run
        cat > /run/dhcpd.conf
        touch /run/leases
        ip link add br0 type bridge
        ip address add "$1/24" dev br0
        ip link set br0 up
        dhcpd -4 -f -d -cf /run/dhcpd.conf -lf /run/leases -pf /run/pid br0 > /run/log 2>&1 &
        for i in $(seq 100); do grep -q 'Server starting service' /run/log && break; kill -0 $! 2> /run/kill || break; sleep 0.1; done
        kill $! 2> /run/kill
        cat /run/log
        """;

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
        new TestCaseData(Sites.OneServer() with
        {
            Images = ImagesExport.None,
            Storage = new ServedStorage(new DeviceVolume("/dev/vg0/generations"), ServedStorage.Default.Images),
        }).SetArgDisplayNames("a device, and no images"),
        new TestCaseData(Sites.OneServer() with
        {
            Storage = new ServedStorage(new DatasetVolume("tank/generations"), new ImageFileVolume(1L << 30, Sparse: true)),
        }).SetArgDisplayNames("a dataset, and a sparse file"),
        new TestCaseData(Sites.OneServer() with { ExportTo = ExportAudience.Hosts, DefaultProfile = null, Images = ImagesExport.ReadOnly }).SetArgDisplayNames("exports for hosts"),
        new TestCaseData(Sites.OneServer() with { Images = ImagesExport.None }).SetArgDisplayNames("no images"),
        new TestCaseData(Sites.OneServer() with { Hosts = [RootCardSpecs.TwoCards, Sites.OneServer().Hosts[2] with { Interface = "eth1" }] }).SetArgDisplayNames("several cards"),
        new TestCaseData(Sites.OneServer() with { Storage = ServedStorage.Default with { SharedAcceptedFor = Sites.OneServer().BootServer } }).SetArgDisplayNames("a shared file system"),
        new TestCaseData(Sites.TwoServers() with
        {
            Subnets = [new Subnet(System.Net.IPNetwork.Parse("192.168.0.0/24"), null, [], null, null), new Subnet(System.Net.IPNetwork.Parse("10.0.0.0/8"), null, [], null, null)],
            Profiles = [Sites.Dom0 with { Serial = SerialLine.Usual }, Sites.Plain with { Serial = SerialLine.Usual }],
        }).SetArgDisplayNames("bare subnets and serial lines"),
    ];

    [TestCaseSource(nameof(SitesOfAllKinds))]
    public async Task I_get_files_that_GRUB_dhcpd_and_the_NFS_servers_accept(Site site)
    {
        await BootFileCheck.CheckAsync(Sites.Files(site), _workshop.Context);

        Assert.That(_workshop.Told, Is.Empty, "a check was left out");
    }

    [TestCase("10.0.0.5")]
    [TestCase("192.168.0.5")]
    public async Task I_can_start_dhcpd_on_a_boot_server_that_is_in_the_clients_subnet_or_not(string server)
    {
        var conf = Sites.Files(Sites.OneServer() with { BootServer = System.Net.IPAddress.Parse(server) }).ServerFiles[IscDhcpServer.Conf].Content;

        var told = await _workshop.Context.RunAsync(IsolatedScript.CommandWithoutNetwork(StartDhcpd, server) with { StandardInput = conf });

        Assert.That(told.Output, Does.Contain("Server starting service."));
    }

    [Test]
    public async Task I_do_not_wait_for_the_same_check_twice()
    {
        var first = await BootFileCheck.CheckAsync(Sites.Files(Sites.OneServer()), _workshop.Context);
        var second = await BootFileCheck.CheckAsync(Sites.Files(Sites.OneServer()), _workshop.Context);

        Assert.That((first.Cached, second.Cached), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_file_with_a_units_name_where_I_happen_to_stand_is_not_taken_for_it()
    {
        const string Place = Ganesha.Start;
        await File.WriteAllTextAsync(Path.Combine(_workshop.Root, "nfs-ganesha.service"), "[Unit]\nDescription=It starts nothing\n");
        var check = ServerFiles.At(Place).Check.Command(Place, Sites.Files(Sites.OneServer()).ServerFiles[Place].Content);

        await _workshop.Context.RunAsync(check with { WorkingDirectory = _workshop.Root });
    }

    [TestCase("/etc/dhcp/dhcpd.conf", "subnet 192.168.0.0", "subnet 192.168.0.1")]
    [TestCase("/etc/default/isc-dhcp-server", "done\n", "")]
    [TestCase("/etc/default/tftpd-hpa", ".map\"", ".map")]
    [TestCase("/etc/tftpd-hpa.map", "r ^(", "r ^((")]
    [TestCase("/etc/exports.d/dom0image.exports", "no_root_squash", "no_root_sqash")]
    [TestCase("/etc/nfs.conf.d/dom0image.conf", "host=", "hots=")]
    [TestCase("/etc/ganesha/dom0image-exports.conf", "Export_Id", "Export_Ident")]
    [TestCase("/etc/ganesha/ganesha.conf", "NFS_Port", "NFS_Prot")]
    [TestCase("/etc/ganesha/ganesha.conf", "dom0image-exports.conf", "dom0image-export.conf")]
    [TestCase("/etc/systemd/system/opt-ondemand-generations.mount", "Where=/opt/ondemand/generations", "Where=/opt/ondemand/imgs")]
    [TestCase("/etc/systemd/system/opt-ondemand-imgs.mount", "Options=", "Option=")]
    [TestCase("/etc/systemd/system/nfs-ganesha.service.d/dom0image.conf", "RequiresMountsFor", "RequiresMountFor")]
    [TestCase("/etc/systemd/system/nfs-ganesha.service.d/dom0image.conf", "/usr/bin/mountpoint", "/usr/bin/montpoint")]
    [TestCase("/etc/systemd/system/rpcbind.socket.d/dom0image.conf", "FreeBind", "FreBind")]
    [TestCase("/etc/udev/rules.d/60-dom0image-storage.rules", "SUBSYSTEM", "SUBSYSTM")]
    [TestCase("/etc/systemd/system/dom0image-address.service", "RemainAfterExit", "RemainAfterExt")]
    [TestCase("/etc/ganesha/dom0image-exports.conf", "Path = /opt/ondemand/imgs;", "Path = /opt/ondemand/imgs")]
    public void I_am_told_of_a_word_that_a_server_does_not_know(string place, string good, string bad)
    {
        var set = Sites.Files(Sites.OneServer());
        var broken = set.ServerFiles[place].Content.Replace(good, bad);
        set = set with { ServerFiles = set.ServerFiles.SetItem(place, new BootText(broken)) };

        var failure = Assert.ThrowsAsync<BuildFailedException>(() => BootFileCheck.CheckAsync(set, _workshop.Context));

        Assert.That(failure!.Diagnostics, Has.Count.EqualTo(1));
        Assert.That(failure.Message, Does.StartWith($"{place} is refused by "));
    }

    [TestCase("/etc/default/isc-dhcp-server", "INTERFACESv4", "INTERFACES4", "INTERFACESv4 is not set")]
    [TestCase("/etc/default/isc-dhcp-server", "INTERFACESv6=\"\"", "INTERFACESv6=eth0", "INTERFACESv6 is not set to nothing")]
    [TestCase("/etc/default/tftpd-hpa", "TFTP_DIRECTORY", "TFTP_DIR", "TFTP_DIRECTORY is not set")]
    [TestCase("/etc/default/tftpd-hpa", "192.168.0.5:69", "", "TFTP_ADDRESS is not set")]
    [TestCase("/etc/nfs.conf.d/dom0image.conf", "[mountd]\nport", "[mountd]\nprot", "'prot' in its section 'mountd'")]
    [TestCase("/etc/nfs.conf.d/dom0image.conf", "vers3=", "version3=", "'version3' in its section 'nfsd'")]
    [TestCase("/etc/nfs.conf.d/dom0image.conf", "[mountd]", "[rpc.mountd]", "'port' in its section 'rpc.mountd'")]
    [TestCase("/etc/exports.d/dom0image.exports", "/opt/ondemand/generations -ro", "/opt/ondemand/generations -rw", "lets clients write")]
    [TestCase("/etc/exports.d/dom0image.exports", "192.168.0.0/24", "192.168.0.0/24(rw)", "lets clients write")]
    [TestCase("/etc/exports.d/dom0image.exports", ",mountpoint", "", "'mountpoint' is missing")]
    [TestCase("/etc/ganesha/dom0image-exports.conf", "Access_Type = RO", "Access_Type = RW", "lets clients write")]
    [TestCase("/etc/dhcp/dhcpd.conf", "subnet", "#", "serves no subnet")]
    public void I_am_told_of_what_a_server_takes_without_a_word(string place, string good, string bad, string expected)
    {
        var set = Sites.Files(Sites.OneServer());
        var text = set.ServerFiles[place].Content;
        Assert.That(text, Does.Contain(good));
        var broken = place == IscDhcpServer.Conf ? "# subnet 192.168.0.0\noption domain-name \"lab\";\n" : text.Replace(good, bad);

        var failure = Assert.ThrowsAsync<BuildFailedException>(() => BootFileCheck.CheckAsync(set with { ServerFiles = set.ServerFiles.SetItem(place, new BootText(broken)) }, _workshop.Context));

        Assert.That(failure!.Diagnostics, Has.Count.EqualTo(1), failure.Message);
        Assert.That(failure.Message, Does.StartWith(place).And.Contain(expected));
    }

    [Test]
    [Category("Slow")]
    public void I_am_told_of_each_servers_file_that_says_nothing([Values] bool comment)
    {
        var set = Sites.Files(Sites.OneServer());
        foreach (var place in set.ServerFiles.Keys)
        {
            var failure = Assert.ThrowsAsync<BuildFailedException>(
                () => BootFileCheck.CheckAsync(set with { ServerFiles = set.ServerFiles.SetItem(place, new BootText(comment ? "# of somebody\n" : "")) }, _workshop.Context), place);

            Assert.That(failure!.Diagnostics, Has.Count.EqualTo(1), failure.Message);
            Assert.That(failure.Message, Does.StartWith(place));
        }
    }

    [Test]
    public void I_am_told_of_all_broken_menus_at_once_and_again_the_next_time()
    {
        var set = Sites.Files(Sites.OneServer());
        set = set with { Menus = set.Menus.SetItem("dom0.conf", new BootText("menuentry 'x' {\n")).SetItem("plain.conf", new BootText("if true\n")) };

        for (var time = 0; time < 2; time++)
        {
            var failure = Assert.ThrowsAsync<BuildFailedException>(() => BootFileCheck.CheckAsync(set, _workshop.Context));
            Assert.That(failure!.Diagnostics.Select(d => d.What), Has.Some.StartsWith("menus/dom0.conf ").And.Some.StartsWith("menus/plain.conf "));
        }
    }
}
