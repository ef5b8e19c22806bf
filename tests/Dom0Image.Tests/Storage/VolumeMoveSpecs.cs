namespace Dom0Image.Tests.Storage;

/// <summary>What an existing installation has on its one disk goes to a file system of its own, whole, whatever happens on the way.</summary>
internal sealed class VolumeMoveSpecs
{
    private const string Small = "generations=335544320,sparse";
    private const string Place = "opt/ondemand/generations";
    private const string Old = Place + ".dom0image-old";

    // Owners, modes, times, links, hard links, attributes, holes, and a name that is no text.
    private const string MakeTree =
        """
        mkdir -p opt/ondemand/generations/one/root/etc
        cd opt/ondemand/generations/one
        echo text > root/etc/file
        ln root/etc/file root/etc/hard
        ln -s file root/etc/soft
        chown 12:34 root/etc/file
        chmod 4750 root/etc/file
        touch -d '2001-02-03 04:05:06.789' root/etc/file root/etc
        mknod root/null c 1 3
        mkfifo root/pipe
        touch "$(printf 'root/\377')"
        setfattr -n user.kept -v value root/etc/hard
        setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 root/etc/hard
        truncate -s 5M root/holes
        for i in $(seq 200); do echo $i > root/etc/$i; done
        """;

    private const string Describe =
        """
        cd opt/ondemand/generations
        find . -mindepth 1 -type d -printf '%P %m %U:%G %T@\n' | sort
        find . -mindepth 1 ! -type d -printf '%P %y %m %U:%G %s %T@ %n %l\n' | sort
        find . -type f -exec sha256sum {} + | sort
        getfattr -R -d -m - . | sort
        """;

    private MountRoom _room = null!;

    [SetUp]
    public void Open() => _room = new MountRoom();

    [TearDown]
    public void Close() => _room.Dispose();

    [Test]
    public void I_can_move_what_is_there_whole_and_it_is_exported_from_then_on()
    {
        var before = MakeAndDescribe();

        Assert.That(_room.Done("move", Small), Does.Contain("moved generations to /var/lib/dom0image/storage/generations.img"));

        AssertMoved(before);
        Assert.That(_room.Sh($"stat -c %b {Place}/one/root/holes"), Is.EqualTo("0"), "holes stay holes");
        Assert.That(_room.Done("move", Small), Is.Empty, "there is nothing more to move");
        Assert.That(_room.Done("ensure", Small, "imgs=335544320,sparse"), Does.Contain("imgs on /dev/loop"), "what had nothing to move is made");
    }

    [Test]
    public void I_can_move_to_a_device_whose_ext4_has_a_directory_of_its_own()
    {
        var before = MakeAndDescribe();
        var device = _room.Sh("truncate -s 320M disk; losetup --find --show disk");
        try
        {
            _room.Sh($"mke2fs -q -t ext4 {device}");

            Assert.That(_room.Done("move", $"generations={device}"), Does.Contain($"moved generations to {device}"));

            Assert.That(_room.Sh($"ls {Place}"), Is.EqualTo("lost+found\none"));
            Assert.That(_room.Sh(Describe).Split('\n').Where(line => !line.StartsWith("lost+found ", StringComparison.Ordinal)), Is.EqualTo(before.Split('\n')));
            Assert.That(_room.Done("move", $"generations={device}"), Is.Empty);
            Assert.That(_room.Done("ensure", $"generations={device}"), Does.Contain($"exports: generations on {device} (ext4,").And.Contain("nothing else can be reached"));
        }
        finally
        {
            _room.Sh($"umount {Place} 2>/dev/null || true; losetup --detach {device}");
        }
    }

    [Test]
    [Category("Slow")]
    public void I_can_kill_it_at_any_step_and_publish_nothing_until_the_next_run_ended_it()
    {
        var before = MakeAndDescribe();
        var killed = 0;
        for (var step = 1; ; step++)
        {
            var (exitCode, output, errors) = _room.StorageKilledAt(step, "move", Small);
            if (exitCode == 0)
            {
                break;
            }

            Assert.That(exitCode, Is.EqualTo(137), errors);
            killed++;
            Assert.That(_room.Sh($"test -e {Place}/one -o -e {Old}/one && echo there"), Is.EqualTo("there"), $"one whole tree, killed at {output}");
            Assert.That(_room.Refused("ensure", Small), Does.Contain("--target=Storage --site=test"), output);
            if (output.Contains("step: copying"))
            {
                // As a reboot does, under which nothing of the copy's mount is left.
                Assert.That(_room.Sh("mount"), Does.Not.Contain("generations.copy"));
            }
        }

        Assert.That(killed, Is.GreaterThanOrEqualTo(4));
        AssertMoved(before);
    }

    [TestCase("rename", 1)]
    [TestCase("rename", 2)]
    [TestCase("rename", 3)]
    [TestCase("unlink", 1)]
    [TestCase("unlink", 40)]
    [TestCase("rmdir", 1)]
    [TestCase("mkdir", 1)]
    [Category("Slow")]
    public void I_can_kill_it_in_the_middle_of_a_step(string call, int nth)
    {
        var before = MakeAndDescribe();
        HostProcess.Run([.. _room.Inside, "strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={nth}", "--"], "storage", _room.Root, "move", Small);

        Assert.That(_room.Sh($"test -e {Place}/one -o -e {Old}/one && echo there"), Is.EqualTo("there"));
        _room.Done("move", Small);

        AssertMoved(before);
    }

    [Test]
    public void I_am_stopped_while_clients_run_and_told_which_unless_I_say_now()
    {
        var before = MakeAndDescribe();
        using (var client = HostProcess.Start(_room.Inside, "nfs-connection"))
        {
            Assert.That(client.ReadLine(), Is.EqualTo("connected"));
            Assert.That(_room.Refused("move", Small), Does.Contain("1 clients run from this server: post01 (127.0.0.1). Their roots would end").And.Contain("--now"));
            Assert.That(_room.Refused("move", Small, "now"), Does.Contain("an NFS server runs, and would go on with the old tree").And.Contain("service nfs-ganesha stop"));
            Assert.That(_room.Sh(Describe), Is.EqualTo(before));
            Assert.That(_room.Sh("test ! -e var"), Is.Empty);
        }

        _room.Done("move", Small, "now");
        AssertMoved(before);
    }

    [Test]
    public void I_am_asked_which_counts_when_both_hold_something()
    {
        _room.Done("ensure", Small);
        _room.Sh($"mkdir {Place}/published; umount {Place}; mkdir {Place}/other");

        Assert.That(_room.Refused("move", Small), Does.Contain("hold something (published): which of them counts cannot be told"));
        Assert.That(_room.Sh($"ls {Place}"), Is.EqualTo("other"));
    }

    [Test]
    public void I_hear_before_it_begins_that_it_would_not_fit()
    {
        _room.Sh($"mkdir -p {Place}; dd if=/dev/urandom of={Place}/big bs=1M count=300 status=none");

        Assert.That(_room.Refused("move", Small), Does.Contain("recipes/sites/test.yaml:7:5: ").And.Contain("holds more than generations is to have").And.Contain("'size: 1G'"));
        Assert.That(_room.Sh("ls -A var/lib/dom0image/storage"), Is.Empty);
    }

    [Test]
    public void I_get_no_link_and_nothing_that_is_mounted_in_it_set_aside()
    {
        _room.Sh($"mkdir -p {Place}/a; mount -t tmpfs t {Place}/a");
        Assert.That(_room.Refused("move", Small), Does.Contain("/opt/ondemand/generations/a' is mounted in what is to be moved"));
        _room.Sh($"umount {Place}/a; mv {Place} opt/real; ln -s ../real {Place}");

        Assert.That(_room.Refused("move", Small), Does.Contain("is no directory, but a symlink"));
    }

    private string MakeAndDescribe()
    {
        _room.Sh(MakeTree);
        return _room.Sh(Describe);
    }

    private void AssertMoved(string before)
    {
        Assert.That(_room.Sh(Describe), Is.EqualTo(before));
        Assert.That(_room.Sh("ls -A opt/ondemand"), Is.EqualTo("generations"));
        Assert.That(_room.Sh("ls -A var/lib/dom0image/storage"), Is.EqualTo("generations.img"));
        Assert.That(_room.Done("ensure", Small), Does.Contain("nothing else can be reached"));
    }
}
