namespace Dom0Image.Tests.Storage;

/// <summary>What a server's exports lie on is made before anything is put there, and never over anything.</summary>
internal sealed class VolumeSetupSpecs
{
    private const string Small = "generations=335544320";
    private const string SmallSparse = "generations=335544320,sparse";
    private const string Images = "imgs=335544320,sparse";
    private const string Place = "opt/ondemand/generations";
    private const string Image = "var/lib/dom0image/storage/generations.img";

    private MountRoom _room = null!;

    [SetUp]
    public void Open() => _room = new MountRoom();

    [TearDown]
    public void Close() => _room.Dispose();

    [Test]
    public void I_get_both_exports_on_file_systems_of_their_own_and_a_second_run_touches_nothing()
    {
        var told = _room.Done("ensure", Small, Images);

        Assert.That(told, Does.Match(@"exports: generations on /dev/loop\d+ \(xfs, 268 MB, 2\d\d MB free\), imgs on /dev/loop\d+ .*: nothing else can be reached through them\."));
        Assert.That(told, Does.Contain("a reboot will not do it").And.Contain("/var/lib/dom0image/storage/generations.img /opt/ondemand/generations xfs loop,nosuid,nofail 0 0"));
        Assert.That(_room.Sh("stat -c '%a' var/lib/dom0image/storage"), Is.EqualTo("700"));
        Assert.That(_room.Sh($"stat -c '%a %s' {Image}"), Is.EqualTo("600 335544320"));
        Assert.That(long.Parse(_room.Sh($"stat -c '%b' {Image}")) * 512, Is.GreaterThanOrEqualTo(335544320), "allocated in full");
        Assert.That(long.Parse(_room.Sh("stat -c '%b' var/lib/dom0image/storage/imgs.img")) * 512, Is.LessThan(80 << 20), "sparse");
        Assert.That(_room.Sh("ls etc/systemd/system etc/udev/rules.d"), Does.Contain("opt-ondemand-generations.mount").And.Contain("opt-ondemand-imgs.mount").And.Contain("60-dom0image-storage.rules"));
        _room.Sh($"echo kept > {Place}/file; cp --reflink=always {Place}/file {Place}/shared");
        var before = _room.Sh("mount; stat -c '%i %Y' var/lib/dom0image/storage/*.img etc/systemd/system/*");

        Assert.That(_room.Done("ensure", Small, Images), Does.Not.Contain("mounted"));
        Assert.That(_room.Sh("mount; stat -c '%i %Y' var/lib/dom0image/storage/*.img etc/systemd/system/*"), Is.EqualTo(before));
    }

    [Test]
    public void I_get_what_was_there_mounted_again_after_a_reboot()
    {
        _room.Done("ensure", Small);
        _room.Sh($"echo kept > {Place}/file; umount {Place}");

        _room.Done("ensure", Small);

        Assert.That(_room.Sh($"cat {Place}/file"), Is.EqualTo("kept"));
    }

    [Test]
    public void I_get_nothing_mounted_over_what_is_there()
    {
        _room.Sh($"mkdir -p {Place}/trixie-0123456789ab");

        Assert.That(_room.Refused("ensure", Small), Does.Contain("holds something").And.Contain("--target=Storage --site=test").And.Contain("shared-file-system: { accepted: 192.168.0.5 }"));
        Assert.That(_room.Sh("test ! -e var; mount"), Does.Not.Contain(_room.Root), "and nothing is made");
    }

    [Test]
    public void I_hear_that_an_image_is_gone_before_an_empty_one_takes_its_place()
    {
        _room.Done("ensure", Small);
        _room.Sh($"umount {Place}; mv {Image} away");

        Assert.That(_room.Refused("ensure", Small), Does.Contain("is gone").And.Contain("opt-ondemand-generations.mount"));

        _room.Sh($"mv away {Image}");
        _room.Done("ensure", Small);
    }

    [Test]
    public void I_hear_what_to_do_when_there_is_no_room()
    {
        _room.Sh("mkdir -p var/lib; mount -t tmpfs -o size=500m t var/lib");

        Assert.That(_room.Refused("ensure", Small, "imgs=335544320"), Does.Contain("recipes/sites/test.yaml:7:5: there is no room").And.Contain("336 MB for generations and 336 MB for imgs")
            .And.Contain("are free on tmpfs on t").And.Contain("'size: 4G'").And.Contain("'sparse: true'").And.Contain("'device: /dev/...'"));
        Assert.That(_room.Sh("ls -A var/lib/dom0image/storage"), Is.Empty);
    }

    [Test]
    public void I_hear_what_to_do_in_a_container_without_loop_devices()
    {
        _room.Sh("mkdir dev; cp -a /dev/null /dev/urandom /dev/random dev; mount --rbind dev /dev");

        Assert.That(_room.Refused("ensure", Small), Does.Contain("there is none here: this may be a container").And.Contain("device: /dev/...").And.Contain("accepted: 192.168.0.5").And.Contain("--prefix="));
    }

    [Test]
    public void I_am_told_of_a_size_that_the_image_does_not_have()
    {
        _room.Done("ensure", SmallSparse);

        Assert.That(_room.Done("ensure", "generations=536870912,sparse"), Does.Contain("recipes/sites/test.yaml:7:5: generations is to have 512M and has 320M").And.Contain("--target=Storage --grow=generations=512M --site=test"));
        Assert.That(_room.Refused("ensure", "generations=268435456,sparse"), Does.Contain("recipes/sites/test.yaml:7:5: generations has 320M, and the site says 256M").And.Contain("'size: 320M'"));
    }

    [Test]
    public void I_can_name_a_device_with_a_file_system_and_none_is_made_on_one_without()
    {
        var device = _room.Sh("truncate -s 320M disk; losetup --find --show disk");
        try
        {
            Assert.That(_room.Refused("ensure", $"generations={device}"), Does.Contain($"there is no file system on {device}").And.Contain($"mkfs.xfs -m reflink=1 {device}"));
            _room.Sh($"mke2fs -q -t ext4 {device}; mkdir -p elsewhere; mount {device} elsewhere");
            Assert.That(_room.Refused("ensure", $"generations={device}"), Does.Contain($"{device} is mounted at {_room.Root}/elsewhere").And.Contain("umount"));
            _room.Sh("umount elsewhere");

            Assert.That(_room.Done("ensure", $"generations={device}"), Does.Contain($"exports: generations on {device} (ext4,"));
            Assert.That(_room.Done("ensure", "generations=/dev/no-such-device"), Does.Contain($"generations lies on {device}, and the site names /dev/no-such-device"));
            _room.Sh($"umount {Place}");
            Assert.That(_room.Refused("ensure", "generations=/dev/no-such-device"), Does.Contain("there is no block device /dev/no-such-device"));
        }
        finally
        {
            _room.Sh($"umount {Place} elsewhere 2> umount || true; losetup --detach {device}");
        }
    }

    [Test]
    public void I_can_accept_a_shared_file_system_and_hear_in_each_run_what_can_be_reached()
    {
        var told = _room.Done("ensure", "accepted", Small, Images);

        Assert.That(told, Does.Contain("exports: accepted for 192.168.0.5: every machine of 192.168.0.0/24 can read and write as root everything on the file system of generations and imgs (").And.Contain("mounted at /"));
        Assert.That(_room.Done("ensure", "accepted", Small), Does.Contain("can read as root everything on the file system of generations ("));
        Assert.That(_room.Sh("test ! -e var; test ! -e etc; mount"), Does.Not.Contain(_room.Root), "and nothing is made");
    }

    [Test]
    public void I_cannot_accept_a_file_system_that_no_NFS_server_can_export()
    {
        _room.Sh("mkdir -p opt u l; mount -t tmpfs t u; mkdir u/u u/w; mount -t overlay -o lowerdir=l,upperdir=u/u,workdir=u/w o opt");

        Assert.That(_room.Refused("ensure", "accepted", Small), Does.Contain("gives no file handles"));
    }

    [Test]
    public void I_get_back_the_blocks_that_a_full_image_lost()
    {
        _room.Done("ensure", Small);
        _room.Sh($"umount {Place}; fallocate --punch-hole --offset 10M --length 50M {Image}");

        Assert.That(_room.Done("ensure", Small), Does.Contain("had given 52 MB back to the disk; they are allocated again"));
        Assert.That(long.Parse(_room.Sh($"stat -c '%b' {Image}")) * 512, Is.GreaterThanOrEqualTo(335544320));
        Assert.That(_room.Done("ensure", Small), Does.Not.Contain("allocated again"));
    }

    [Test]
    public void A_full_image_keeps_its_blocks_when_it_is_trimmed_and_a_sparse_one_gives_deleted_files_back()
    {
        _room.Done("ensure", Small, Images);
        var blocks = _room.Sh($"stat -c '%b' {Image}");
        _room.Sh($"dd if=/dev/urandom of={Place}/big bs=1M count=60 status=none; sync -f {Place}; rm {Place}/big; sync -f {Place}; fstrim {Place} || true");
        Assert.That(_room.Sh($"stat -c '%b' {Image}"), Is.EqualTo(blocks), "full");

        const string Sparse = "var/lib/dom0image/storage/imgs.img";
        _room.Sh("dd if=/dev/urandom of=opt/ondemand/imgs/big bs=1M count=60 status=none; sync -f opt/ondemand/imgs");
        Assert.That(long.Parse(_room.Sh($"stat -c '%b' {Sparse}")) * 512, Is.GreaterThan(120 << 20));

        // XFS frees a deleted file's blocks when it comes to it: a moment later.
        _room.Sh($"rm opt/ondemand/imgs/big; for i in $(seq 60); do sync -f opt/ondemand/imgs; fstrim opt/ondemand/imgs || true; test $(stat -c %b {Sparse}) -ge {(80 << 20) / 512} || break; sleep 0.5; done");
        Assert.That(long.Parse(_room.Sh($"stat -c '%b' {Sparse}")) * 512, Is.LessThan(80 << 20), "sparse");
    }

    [TestCase("generations=335544320", true)]
    [TestCase("generations=335544320,sparse", false)]
    public void I_can_write_into_a_full_image_whose_disk_is_full(string settings, bool works)
    {
        _room.Sh("mkdir -p var/lib; mount -t tmpfs -o size=600m t var/lib");
        _room.Done("ensure", settings);
        _room.Sh("dd if=/dev/zero of=var/lib/other bs=1M status=none 2>/dev/null || true; if echo more >>var/lib/other; then exit 1; fi");

        Assert.That(_room.Sh($"dd if=/dev/urandom of={Place}/big bs=1M count=150 conv=fsync status=none 2>/dev/null && echo written || echo lost"), Is.EqualTo(works ? "written" : "lost"));
    }

    [Test]
    public void I_am_warned_in_time_when_a_sparse_image_may_outgrow_its_disk()
    {
        _room.Sh("mkdir -p var/lib; mount -t tmpfs -o size=400m t var/lib");
        Assert.That(_room.Done("ensure", SmallSparse), Does.Not.Contain("warning"));
        _room.Sh("dd if=/dev/zero of=var/lib/other bs=1M count=200 status=none");

        Assert.That(_room.Done("ensure", SmallSparse), Does.Match("warning: the sparse image files of generations may still grow by 2.. MB, and their disk .tmpfs on t, .* has 1.. MB left"));
    }

    [Test]
    public void I_am_shown_what_the_exports_lie_on_and_who_runs_from_them()
    {
        _room.Done("ensure", SmallSparse, Images);
        using var client = HostProcess.Start(_room.Inside, "nfs-connection");
        Assert.That(client.ReadLine(), Is.EqualTo("connected"));

        var told = _room.Done("report", SmallSparse, Images);

        Assert.That(told, Does.Match(@"generations: \S+/opt/ondemand/generations on /dev/loop\d+ \(xfs\): 268 MB, \d+ MB used, 2\d\d MB free; in \S+/generations.img, which takes \d+ MB; its disk has .* left"));
        Assert.That(told, Does.Contain("clients: 1 are connected: post01 (127.0.0.1)").And.Contain("nothing else can be reached"));
        Assert.That(_room.Sh($"mount --bind {Place} /mnt") + _room.Done("report", SmallSparse, Images), Does.Contain("warning: the file system of").And.Contain("nothing is published until that is put right"));
    }

    // The first steps of the making, and kills between them.
    [Test]
    public void I_can_kill_the_making_of_an_image_at_any_moment_and_the_next_run_goes_on()
    {
        const string Made = "var/lib/dom0image/storage/generations.img";
        foreach (var call in new[] { "ftruncate", "fallocate", "fsync", "rename", "renameat2", "mkdir" })
        {
            HostProcess.Run([.. _room.Inside, "strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when=1", "--"], "storage", _room.Root, "ensure", SmallSparse);
            Assert.That(_room.Sh($"test ! -e {Made} || xfs_repair -n {Made} > repair 2>&1 || cat repair"), Is.Empty, call);
        }

        _room.Done("ensure", SmallSparse);
        Assert.That(_room.Sh("ls -A var/lib/dom0image/storage"), Is.EqualTo("generations.img"));
    }
}
