using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs;
using Dom0Image.Stages;
using Mono.Unix.Native;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

/// <summary>A good small image, and what is told when one thing in it is not.</summary>
public sealed class TreeVerificationSpecs
{
    private const string HostPath = "/srv/build-store";

    private static readonly FlashList Flash = List(
        Entry("/etc/machine-id", "0444", FlashStart.Empty, FlashKind.File),
        Entry("/var/lib/xen", "0750", FlashStart.Content, owner: "xend", group: "xend"),
        Entry("/var/log", "0755", FlashStart.Tree),
        Entry("/var/tmp", "1777", FlashStart.Empty));

    private static readonly Recipe Recipe = RecipeWith(Flash) with { SetUid = ["/bin/su"] };

    private TestImage _image = null!;

    [SetUp]
    public void MakeGoodImage()
    {
        _image = new TestImage();
        _image.Dir("/usr/bin", Mode("0755"));
        _image.Link("/bin", "usr/bin");
        _image.File("/usr/bin/su", "", Mode("4755"));
        _image.Dir("/dev", Mode("0755"));
        Assert.That(Syscall.mknod(_image.Root + "/dev/null", FilePermissions.S_IFCHR | (FilePermissions)Mode("0666"), 0x103ul), Is.Zero);
        _image.Dir("/run", Mode("0755"));
        _image.Dir("/run/lock", Mode("0777"));
        _image.Dir("/var/lib/xen", Mode("0755"));
        _image.File("/var/lib/xen/kept", "kept");
        _image.File("/etc/other", $"{HostPath}s and x{HostPath} are other places");
        FlashRelocation.Relocate(_image.Root, Flash);
        RamTreeArchive.Write(_image.Root, Flash);
    }

    [TearDown]
    public void Delete() => _image.Dispose();

    [Test]
    public void I_can_publish_a_good_image() => Assert.That(Verify(), Is.Empty);

    [TestCaseSource(nameof(Faults))]
    public void I_am_told_of(string rule, string path, Delegate spoil)
    {
        ((Action<TestImage>)spoil)(_image);
        if (rule != "ram-tree-archive")
        {
            RamTreeArchive.Write(_image.Root, Flash);
        }

        var finding = Verify().Single();

        Assert.That((finding.Rule, finding.ImagePath), Is.EqualTo((rule, path)), finding.What);
        Assert.That(finding.Hint, Is.Not.Empty);
    }

    [Test]
    public void I_am_told_of_everything_at_once()
    {
        _image.File("/etc/ssh_key", HostPath, Mode("0666"));
        _image.File("/usr/bin/ping", "", Mode("4755"));
        _image.File("/etc/shadow", "root::19000:0:99999:7:::\n");

        Assert.That(Verify().Select(f => f.Rule), Is.EquivalentTo(new[] { "empty-password", "world-writable", "host-path", "set-uid" }));
    }

    [Test]
    public void I_can_allow_an_empty_password_in_as_many_words()
    {
        _image.File("/etc/shadow", "root::19000:0:99999:7:::\n");

        Assert.That(TreeVerification.Verify(_image.Root, Recipe, SiteWith(new RootLogin(null, [], EmptyPasswordAllowed: true)), []), Is.Empty);
    }

    [Test]
    public void I_am_told_when_clients_would_share_a_machine_id()
    {
        using var image = new TestImage();
        var list = List(Entry("/var/log", start: FlashStart.Tree));
        image.File("/etc/machine-id", "", Mode("0444"));
        FlashRelocation.Relocate(image.Root, list);
        RamTreeArchive.Write(image.Root, list);

        var finding = TreeVerification.Verify(image.Root, RecipeWith(list), SiteWith(), []).Single();

        Assert.That((finding.Rule, finding.ImagePath), Is.EqualTo(("shared-identity", "/etc/machine-id")));
    }

    [TestCase("PATH=/srv/build-store", ExpectedResult = HostPath)]
    [TestCase("x \"/srv/build-store/work\" y", ExpectedResult = HostPath)]
    [TestCase("/srv/build-stored, then /srv/build-store", ExpectedResult = HostPath)]
    [TestCase("/srv/build-store-2 /srv/build-store.old /srv/build-stores", ExpectedResult = null)]
    [TestCase("/mnt/srv/build-store", ExpectedResult = null)]
    public string? I_am_told_of_whole_names_of_the_build_machine_alone(string content)
        => new LeakScan(_image.Root, [HostPath, "/"]).FirstIn(_image.File("/etc/leak", content));

    [Test]
    public void I_can_build_below_a_directory_that_every_image_has_too()
    {
        _image.Dir("/srv", Mode("0755"));
        _image.Dir("/var/cache", Mode("0755"));
        _image.File("/etc/deluser.conf", "EXCLUDE=/srv /mnt /var/cache\n");
        var paths = HostPaths.Of(new Store("/var/cache"), new Places("/srv"), "/mnt");
        Assert.That(TreeVerification.Verify(_image.Root, Recipe, SiteWith(), paths), Is.Empty);

        _image.File("/etc/leaks", "/srv/opt/ondemand/generations");
        _image.File("/etc/leaks-too", "/var/cache/work/root-1");
        var found = TreeVerification.Verify(_image.Root, Recipe, SiteWith(), paths);

        Assert.That(found.Select(finding => (finding.Rule, finding.ImagePath)), Is.EquivalentTo(new[] { ("host-path", "/etc/leaks"), ("host-path", "/etc/leaks-too") }));
    }

    [Test]
    public void I_can_build_without_a_prefix_for_the_places_that_clients_use() => Assert.That(
        HostPaths.Of(new Store("/store"), new Places(""), "/src/project"),
        Has.None.StartsWith("/opt").And.None.StartsWith("/tftpboot").And.Member("/src/project"));

    private static IEnumerable<TestCaseData> Faults()
    {
        static TestCaseData Case(string name, string rule, string path, Action<TestImage> spoil) => new TestCaseData(rule, path, spoil).SetName($"I_am_told_of_{name}");

        yield return Case("a_writable_path_that_is_no_link", "flash-link", "/var/log", image =>
        {
            File.Delete(image.Root + "/var/log");
            image.Dir("/var/log", Mode("0755"));
        });
        yield return Case("a_writable_path_whose_link_leads_elsewhere", "flash-link", "/var/log", image =>
        {
            File.Delete(image.Root + "/var/log");
            image.Link("/var/log", "/var/lib");
        });
        yield return Case("a_writable_path_that_leads_nowhere", "dangling-flash-link", "/var/lib/xen", image => SafeDelete.Tree(image.Root + "/flash/var/lib/xen"));
        yield return Case("another_link_that_leads_nowhere", "dangling-flash-link", "/usr/lib/link", image => image.Link("/usr/lib/link", "/flash/nowhere"));
        yield return Case("a_writable_path_of_another_kind", "flash-kind", "/flash/etc/machine-id", image =>
        {
            File.Delete(image.Root + "/flash/etc/machine-id");
            image.Dir("/flash/etc/machine-id", Mode("0755"));
        });
        yield return Case("a_writable_path_with_another_mode", "flash-mode", "/flash/var/log", image => image.Dir("/flash/var/log", Mode("0700")));
        yield return Case("a_writable_path_of_another_owner", "flash-owner", "/flash/var/lib/xen", image => image.Dir("/flash/var/lib/xen", Mode("0750")));
        yield return Case("an_edit_that_clients_would_not_see", "ram-tree-archive", "/usr/lib/dom0image/ramtree.tar", image => image.File("/flash/var/lib/xen/kept", "edited"));
        yield return Case("an_ACL_that_clients_would_not_see", "ram-tree-archive", "/usr/lib/dom0image/ramtree.tar", image => KernelView.SetAttribute(image.Root + "/flash/var/lib/xen/kept", "edited"));
        yield return Case("a_name_that_is_no_text_and_is_open_to_all", "world-writable", "/usr/lib/\0\u00ff", image => image.File("/usr/lib/\0\u00ff", "", Mode("0666")));
        yield return Case("a_path_of_the_build_machine_in_a_file_whose_name_is_no_text", "host-path", "/etc/\0\u00ff", image => image.File("/etc/\0\u00ff", HostPath));
        foreach (var own in SecretPaths.Host.Where(path => File.Exists(path) && new FileInfo(path).Length > 0))
        {
            yield return Case($"the_build_machines{own.Replace('/', '_')}", "trace", own, image => image.File(own, File.ReadAllText(own)));
        }

        yield return Case("a_host_key", "secret", "/etc/ssh/ssh_host_rsa_key", image =>
        {
            image.Dir("/etc/ssh", Mode("0755"));
            image.File("/etc/ssh/ssh_host_rsa_key", "key", Mode("0600"));
        });
        yield return Case("a_machine_id_behind_its_link", "secret", "/etc/machine-id", image => image.File("/flash/etc/machine-id", "id", Mode("0444")));
        yield return Case("a_random_seed", "secret", "/var/lib/urandom/random-seed", image =>
        {
            image.Dir("/var/lib/urandom", Mode("0755"));
            image.File("/var/lib/urandom/random-seed", "seed", Mode("0600"));
        });
        yield return Case("package_lists", "trace", "/var/lib/apt/lists/Packages", image =>
        {
            image.Dir("/var/lib/apt", Mode("0755"));
            image.Dir("/var/lib/apt/lists", Mode("0755"));
            image.File("/var/lib/apt/lists/Packages", "list");
        });
        yield return Case("a_backup_of_passwords", "trace", "/etc/shadow-", image => image.File("/etc/shadow-", "root:x", Mode("0600")));
        yield return Case("an_empty_password", "empty-password", "/etc/shadow", image => image.File("/etc/shadow", "root::19000:0:99999:7:::\n", Mode("0640")));
        yield return Case("a_device_node", "device-node", "/usr/lib/mem", image => Assert.That(Syscall.mknod(image.Root + "/usr/lib/mem", FilePermissions.S_IFCHR | (FilePermissions)Mode("0600"), 0x101ul), Is.Zero));
        yield return Case("a_set_uid_file", "set-uid", "/usr/bin/ping", image => image.File("/usr/bin/ping", "", Mode("4755")));
        yield return Case("a_set_gid_file", "set-uid", "/usr/bin/write", image => image.File("/usr/bin/write", "", Mode("2755")));
        yield return Case("a_path_of_the_build_machine", "host-path", "/etc/leak", image => image.File("/etc/leak", $"from {HostPath}/work\n"));
        yield return Case("a_path_of_the_build_machine_below_flash", "host-path", "/flash/var/log/leak", image => image.File("/flash/var/log/leak", HostPath));
        yield return Case("a_file_that_all_may_write", "world-writable", "/usr/lib/open", image => image.File("/usr/lib/open", "", Mode("0666")));
        yield return Case("a_directory_that_all_may_write", "world-writable", "/usr/lib/open", image => image.Dir("/usr/lib/open", Mode("1777")));
        yield return Case("a_directory_below_flash_where_all_may_delete", "world-writable", "/flash/var/lib/xen/open", image => image.Dir("/flash/var/lib/xen/open", Mode("0777")));
        yield return Case("a_file_below_flash_that_all_may_write", "world-writable", "/flash/var/lib/xen/open", image => image.File("/flash/var/lib/xen/open", "", Mode("0666")));
    }

    private ImmutableArray<Finding> Verify() => TreeVerification.Verify(_image.Root, Recipe, SiteWith(), [HostPath]);
}
