using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

internal sealed class SecretRemovalSpecs
{
    private static readonly FlashList Flash = List(
        Entry("/etc/machine-id", "0444", FlashStart.Empty, FlashKind.File),
        Entry("/etc/resolv.conf", "0644", FlashStart.Content, FlashKind.File),
        Entry("/root", "0700"));

    private TestImage _image = null!;

    [SetUp]
    public void MakeImage() => _image = new TestImage();

    [TearDown]
    public void Delete() => _image.Dispose();

    [TestCase("/etc/ssh/ssh_host_ed25519_key")]
    [TestCase("/etc/ssh/ssh_host_ed25519_key.pub")]
    [TestCase("/var/lib/dbus/machine-id")]
    [TestCase("/var/lib/systemd/random-seed")]
    [TestCase("/var/lib/urandom/random-seed")]
    [TestCase("/var/lib/apt/lists/mirror_dists_trixie_InRelease")]
    [TestCase("/var/lib/apt/lists/partial/half")]
    [TestCase("/var/cache/apt/pkgcache.bin")]
    [TestCase("/var/cache/apt/archives/sample_1_amd64.deb")]
    [TestCase("/var/log/dpkg.log")]
    [TestCase("/var/log/apt/history.log")]
    [TestCase("/root/.bash_history")]
    [TestCase("/etc/shadow-")]
    public void I_get_an_image_without(string path)
    {
        Put(path, "secret");

        Apply();

        Assert.That(_image.Find(path), Is.Null);
        Assert.That(_image.Find(Path.GetDirectoryName(path)!), Is.Not.Null, "its directory stays");
    }

    [TestCase("/etc/ssh/sshd_config")]
    [TestCase("/etc/ssh/ssh_config.d/ssh_host_none.conf")]
    [TestCase("/var/log/apt.conf")]
    [TestCase("/root/.bashrc")]
    public void I_keep(string path)
    {
        Put(path, "no secret");

        Apply();

        Assert.That(_image.Read(path), Is.EqualTo("no secret"));
    }

    [Test]
    public void Each_client_can_have_its_own_machine_id_and_D_Bus_takes_it()
    {
        Put("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        Put("/var/lib/dbus/machine-id", "0123456789abcdef0123456789abcdef\n");

        Apply();

        Assert.That(_image.Read("/etc/machine-id"), Is.Empty);
        Assert.That(_image.Find("/var/lib/dbus/machine-id")?.Target, Is.EqualTo("/etc/machine-id"));
    }

    [Test]
    public void I_get_an_empty_machine_id_for_systemd_where_there_was_none()
    {
        SecretRemoval.Apply(_image.Root, RecipeWith(Flash, InitSystem.Systemd), SiteWith());

        Assert.That((_image.Find("/etc/machine-id")?.Mode, _image.Read("/etc/machine-id")), Is.EqualTo((Mode("0444"), "")));
    }

    [Test]
    public void I_keep_the_name_servers_of_an_overlay_also_where_this_machine_asks_the_same()
    {
        var own = File.ReadAllText("/etc/resolv.conf");
        _image.File("/etc/resolv.conf", own);
        Apply();

        Assert.That(_image.Read("/etc/resolv.conf"), Is.EqualTo(own), "the same recipe gives the same image on any machine");
    }

    [Test]
    public void I_lose_the_host_files_of_a_base_layer_whatever_they_hold()
    {
        _image.File("/etc/resolv.conf", "nameserver 192.0.2.53\n");
        _image.File("/etc/hostname", "builder\n");

        SecretRemoval.RemoveHostFiles(_image.Root);

        Assert.That((_image.Find("/etc/resolv.conf"), _image.Find("/etc/hostname")), Is.EqualTo(((FileNode?)null, (FileNode?)null)));
    }

    [Test]
    public void I_can_clean_a_relocated_image_and_a_second_time_nothing_changes()
    {
        Put("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        Put("/root/.bash_history", "ls");
        FlashRelocation.Relocate(_image.Root, Flash);

        Apply();
        var once = KernelView.State(_image.Root);
        Apply();

        Assert.That(_image.Read("/etc/machine-id"), Is.Empty);
        Assert.That(_image.Find("/etc/machine-id")?.Target, Is.EqualTo("/flash/etc/machine-id"), "the link stays");
        Assert.That(_image.Find("/flash/root/.bash_history"), Is.Null);
        Assert.That(KernelView.State(_image.Root), Is.EqualTo(once));
    }

    [Test]
    public void A_link_that_leads_out_of_the_image_is_no_way_to_a_file_of_this_machine()
    {
        var outside = _image.TempPath("outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "dpkg.log"), "mine");
        Directory.Delete(_image.Root + "/var/log");
        _image.Link("/var/log", outside);

        Apply();

        Assert.That(File.ReadAllText(Path.Combine(outside, "dpkg.log")), Is.EqualTo("mine"));
    }

    [TestCase(TestImage.PasswordHash, false, TestImage.PasswordHash)]
    [TestCase(TestImage.PasswordHash, true, TestImage.PasswordHash)]
    [TestCase(null, true, "")]
    [TestCase(null, false, "*")]
    public void I_log_in_as_the_site_says(string? hash, bool emptyAllowed, string field)
    {
        Apply(new RootLogin(hash is null ? null : CryptHash.Parse(hash), [], emptyAllowed));

        Assert.That(_image.Read("/etc/shadow"), Is.EqualTo($"root:{field}:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n"));
        var shadow = _image.Find("/etc/shadow")!.Value;
        Assert.That((shadow.Mode, shadow.Gid), Is.EqualTo((Mode("0640"), 42u)));
    }

    [Test]
    public void I_log_in_with_the_sites_keys_and_nobody_else_can_read_them()
    {
        _image.Dir("/root/.ssh", Mode("0755"), 1, 1);
        _image.File("/root/.ssh/authorized_keys", "somebody's", Mode("0666"), 1, 1);
        FlashRelocation.Relocate(_image.Root, Flash);

        Apply(new RootLogin(null, ["ssh-ed25519 AAAA one ", "ssh-ed25519 BBBB two"], EmptyPasswordAllowed: false));

        Assert.That(_image.Read("/root/.ssh/authorized_keys"), Is.EqualTo("ssh-ed25519 AAAA one\nssh-ed25519 BBBB two\n"));
        foreach (var (path, mode) in new[] { ("/flash/root/.ssh", "0700"), ("/flash/root/.ssh/authorized_keys", "0600") })
        {
            var node = _image.Find(path)!.Value;
            Assert.That((node.Mode, node.Uid, node.Gid), Is.EqualTo((Mode(mode), 0u, 0u)), path);
        }
    }

    [Test]
    public void I_am_told_when_the_flash_list_would_hide_my_keys()
    {
        var recipe = RecipeWith(List(Entry("/root", "0700", FlashStart.Empty)));

        Assert.That(
            () => SecretRemoval.Apply(_image.Root, recipe, SiteWith(new RootLogin(null, ["ssh-ed25519 AAAA one"], false))),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains("/root starts without the image's files").And.Message.Contains("start: content"));
    }

    [Test]
    public void I_am_told_when_the_image_has_no_root()
    {
        _image.File("/etc/shadow", "daemon:*:19000:0:99999:7:::\n");

        Assert.That(() => Apply(), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("/etc/shadow has no line for root"));
    }

    private void Apply(RootLogin? login = null) => SecretRemoval.Apply(_image.Root, RecipeWith(Flash), SiteWith(login));

    private void Put(string path, string content)
    {
        Directory.CreateDirectory(_image.Root + Path.GetDirectoryName(path));
        _image.File(path, content);
    }
}
