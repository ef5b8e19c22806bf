using Dom0Image.Boot;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Boot;

internal sealed class WriterSpecs
{
    private const string Dhcpd = "/etc/dhcp/dhcpd.conf";

    private Workshop _workshop = null!;

    [SetUp]
    public void Open() => _workshop = new Workshop();

    [TearDown]
    public void Close() => _workshop.Dispose();

    [Test]
    public void I_get_menus_and_links_that_all_can_read()
    {
        var set = Sites.Files(Sites.TwoServers());
        var directory = Path.Combine(_workshop.Root, "tftpboot/menus", set.MenuKey);

        BootFilesWriter.WriteMenus(set, directory);

        Assert.That(File.ReadAllText(Path.Combine(directory, "by-mac/52:54:00:12:34:01.conf")), Is.EqualTo(Sites.Menu(set, "dom0.conf")));
        Assert.That(new FileInfo(Path.Combine(directory, "post01.conf")).LinkTarget, Is.EqualTo("dom0.conf"));
        Assert.That(File.GetUnixFileMode(Path.Combine(directory, "dom0.conf")).HasFlag(UnixFileMode.OtherRead));
    }

    [Test]
    public void I_find_files_that_hold_the_same_untouched()
    {
        Write(Sites.OneServer());
        var time = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(OnDisk(Dhcpd), time);

        Assert.That(Write(Sites.OneServer()).Values, Has.All.Matches<ServerFileResult>(r => r.Outcome == ServerFileOutcome.Unchanged));
        Assert.That(File.GetLastWriteTimeUtc(OnDisk(Dhcpd)), Is.EqualTo(time));
        Assert.That(Write(Sites.TwoServers())[Dhcpd].Outcome, Is.EqualTo(ServerFileOutcome.Written));
        Assert.That(File.ReadAllText(OnDisk(Dhcpd)), Does.Contain("next-server 192.168.0.100;"));
    }

    [TestCase("# by hand\n", TestName = "I_keep_a_file_that_I_wrote")]
    [TestCase(null, TestName = "I_keep_a_file_that_I_changed")]
    public void I_keep_my_own_file(string? mine)
    {
        if (mine is null)
        {
            Write(Sites.OneServer());
            mine = File.ReadAllText(OnDisk(Dhcpd)) + "option wpad code 252 = text;\n";
        }

        Directory.CreateDirectory(Path.GetDirectoryName(OnDisk(Dhcpd))!);
        File.WriteAllText(OnDisk(Dhcpd), mine);

        var result = Write(Sites.OneServer())[Dhcpd];

        Assert.That(File.ReadAllText(OnDisk(Dhcpd)), Is.EqualTo(mine));
        Assert.That(File.ReadAllText(OnDisk(Dhcpd + ".dom0image")), Does.Contain("host post01"));
        Assert.That(result.Warning, Does.Contain(Dhcpd).And.Contain($"{Dhcpd}.dom0image"));
    }

    [Test]
    public void I_keep_a_link_and_what_it_leads_to()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OnDisk(Dhcpd))!);
        File.WriteAllText(OnDisk("/elsewhere"), "mine");
        File.CreateSymbolicLink(OnDisk(Dhcpd), OnDisk("/elsewhere"));

        Assert.That(Write(Sites.OneServer())[Dhcpd].Outcome, Is.EqualTo(ServerFileOutcome.WrittenBeside));
        Assert.That(File.ReadAllText(OnDisk("/elsewhere")), Is.EqualTo("mine"));
    }

    [TestCase("dpkg/status", "Conffiles:\n {0} {1}\n")]
    [TestCase("ucf/hashfile", "{1}  {0}\n")]
    public void I_get_a_packages_default_replaced_and_kept_beside(string record, string line)
    {
        const string Default = "# option definitions common to all supported networks...\n";
        var database = Path.Combine(_workshop.Root, "machine");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(database, "var/lib", record))!);
        const string Sum = "49d04259aaf826005f922b14c7ea266d";
        File.WriteAllText(Path.Combine(database, "var/lib", record), string.Format(line, Dhcpd, Sum));
        Directory.CreateDirectory(Path.GetDirectoryName(OnDisk(Dhcpd))!);
        File.WriteAllText(OnDisk(Dhcpd), Default);

        Assert.That(Write(Sites.OneServer(), database)[Dhcpd].Outcome, Is.EqualTo(ServerFileOutcome.ReplacedDefault));
        Assert.That(File.ReadAllText(OnDisk(Dhcpd)), Does.Contain("host post01"));
        Assert.That(File.ReadAllText(OnDisk(Dhcpd + ".dom0image-old")), Is.EqualTo(Default));
    }

    private string OnDisk(string place) => Path.Combine(_workshop.Root, "prefix") + place;

    private Dictionary<string, ServerFileResult> Write(Site site, string? database = null)
    {
        var packaged = new PackagedFiles(database ?? Path.Combine(_workshop.Root, "no-such-machine"));
        Directory.CreateDirectory(OnDisk(""));
        return new BootFilesWriter(Sites.Files(site), packaged).WriteServerFiles(OnDisk("")).ToDictionary(r => r.Place);
    }
}
