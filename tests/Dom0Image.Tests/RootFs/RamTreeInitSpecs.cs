using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.RamTree;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

internal sealed class RamTreeInitSpecs
{
    private static readonly FlashList Flash = List(
        Entry("/etc/machine-id", "0444", FlashStart.Empty, FlashKind.File),
        Entry("/etc/ssh"),
        Entry("/etc/resolv.conf", "0", FlashStart.Content, FlashKind.Symlink) with { Target = "../run/resolv.conf" },
        Entry("/var/log", "2775", FlashStart.Tree, group: "adm"),
        Entry("/var/log/xen", "0750", FlashStart.Content, owner: "xend", group: "xend"),
        Entry("/var/tmp", "1777", FlashStart.Empty));

    private const string Listing = "find /flash -printf '%p %y %m %U %G %l\\n' | sort";

    private TestImage _image = null!;

    [SetUp]
    public void SetUp()
    {
        _image = new TestImage();
        _image.Dir("/etc/ssh", Mode("0755"));
        _image.File("/etc/ssh/sshd_config", "Port 22\n");
        _image.Dir("/var/log/apt", Mode("0700"), 1, 4);
        _image.File("/var/log/apt/history", "not for clients");
        _image.Dir("/var/log/xen", Mode("0755"));
        _image.File("/var/log/xen/odd  näme", "kept", Mode("4640"), 107, 4);
        _image.Dir("/var/tmp", Mode("0777"));
        _image.File("/var/tmp/left", "not for clients");
    }

    [TearDown]
    public void TearDown() => _image.Dispose();

    [Test]
    public async Task I_boot_with_a_tree_in_RAM_that_has_exactly_the_modes_owners_and_contents_of_the_list()
    {
        await Install();

        var run = RamTreeRun.Start(_image, $"{Listing}; cat /var/log/xen/odd*; echo; cat /etc/ssh/sshd_config; echo x >/var/tmp/new && echo writable; echo x >/etc/new || :; while read -r _ point type rest; do [ $point = /flash ] && echo $type; done </proc/mounts");

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.Output);
            Assert.That(run.After, Is.EqualTo("""
                /flash d 755 0 0 
                /flash/etc d 755 0 0 
                /flash/etc/machine-id f 444 0 0 
                /flash/etc/resolv.conf l 777 0 0 /run/resolv.conf
                /flash/etc/ssh d 755 0 0 
                /flash/etc/ssh/sshd_config f 644 0 0 
                /flash/var d 755 0 0 
                /flash/var/log d 2775 0 4 
                /flash/var/log/apt d 700 1 4 
                /flash/var/log/dmesg f 644 0 4 
                /flash/var/log/xen d 750 107 109 
                /flash/var/log/xen/odd  näme f 4640 107 4 
                /flash/var/tmp d 1777 0 0 
                kept
                Port 22
                writable
                /bin/dash: 1: cannot create /etc/new: Read-only file system
                tmpfs

                """));
            Assert.That(run.Output, Does.Match(@"dom0-ramtree: start \d+\.\d+\n").And.Match(@"dom0-ramtree: ready \d+\.\d+\n"));
        });
    }

    [TestCase("mount --make-shared .", TestName = "I_boot_also_when_the_init_made_the_root_a_shared_mount")]
    [TestCase("mount -t devtmpfs dev dev", TestName = "I_boot_also_when_the_kernel_mounted_the_devices")]
    public async Task I_boot(string before)
    {
        await Install();

        var run = RamTreeRun.Start(_image, "echo x >/var/tmp/new && echo writable; test -c /dev/null && echo devices", before);

        Assert.That((run.ExitCode, run.After), Is.EqualTo((0, "writable\ndevices\n")), run.Output);
    }

    [Test]
    public async Task I_start_the_script_twice_and_the_second_time_takes_nothing_from_the_running_client()
    {
        await Install();

        var run = RamTreeRun.Start(_image, "dash /etc/init.d/dom0-ramtree start; cat /flash/var/tmp/mine; echo mine >/flash/var/tmp/mine; dash /etc/init.d/dom0-ramtree start; cat /flash/var/tmp/mine");

        Assert.That(run.After, Does.EndWith("dom0-ramtree: /flash is in RAM already\nmine\n"));
    }

    [TestCase("mount -t tmpfs none usr/lib/dom0image", "tree", "no directory /usr/lib/dom0image/aside")]
    [TestCase("mount --bind /dev/null usr/lib/dom0image/ramtree.tar", "content", "unpack")]
    [TestCase("mount -t tmpfs none usr/lib/dom0image; mkdir usr/lib/dom0image/aside", "tree", "no readable /usr/lib/dom0image/ramtree.tar")]
    public async Task I_am_told_loudly_which_step_failed_and_the_client_boots_again(string sabotage, string step, string say)
    {
        await Install();

        var run = RamTreeRun.Start(_image, before: sabotage);

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(run.Output, Does.Contain($"dom0-ramtree: FAILED at step '{step}'").And.Contain(say));
            Assert.That(run.Output, Does.EndWith("sleep called: 60\nreboot called: -f\n"));
        });
    }

    [Test]
    public async Task I_am_told_that_the_tree_is_too_big_for_its_limit()
    {
        _image.File("/var/log/xen/big", new string('x', 60_000));
        await Install();
        var script = _image.Read("/etc/init.d/dom0-ramtree").Replace("size=1048576", "size=16384", StringComparison.Ordinal);
        _image.File("/etc/init.d/dom0-ramtree", script, Mode("0755"));

        var run = RamTreeRun.Start(_image);

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(run.Output, Does.Contain("No space left on device").And.Contain("raise the size of the recipe's flash list, now 16384 bytes"));
        });
    }

    [Test]
    public async Task I_get_a_shell_in_place_of_the_reboot_when_I_asked_for_it_on_the_command_line()
    {
        await Install();
        File.WriteAllText(_image.Root + "/cmdline", "quiet dom0.debug ro\n");

        // A mount that fails, so that /dev stays empty: the shell must not be one on this machine's console.
        _ = _image.Dir("/sbin", Mode("0755"));
        _image.File("/sbin/mount", "#!/bin/sh\nexit 1\n", Mode("0755"));
        var run = RamTreeRun.Start(_image, before: "mount --bind cmdline proc/cmdline");

        Assert.That(run.Output, Does.Contain("here is a shell").And.Not.Contain("sleep called").And.EndWith("reboot called: -f\n"));
    }

    [Test]
    public async Task I_get_device_nodes_for_a_suite_whose_kernel_makes_none()
    {
        await Install(suite: "etch");

        var run = RamTreeRun.Start(_image, "find /dev -name null -printf '%y %m\\n'; echo x >/dev/null && echo works; test -d /dev/pts && echo pts");

        Assert.That((run.ExitCode, run.After), Is.EqualTo((0, "c 666\nworks\npts\n")), run.Output);
    }

    [Test]
    public async Task Each_client_gets_its_own_machine_id_and_host_keys()
    {
        await Install();
        const string Show = "cat /etc/machine-id /flash/etc/ssh/ssh_host_ed25519_key.pub; find /flash/etc/ssh -name '*_key' -printf '%m '";
        string[] scripts = ["/etc/init.d/dom0-ramtree", "/etc/init.d/dom0-identity"];

        var one = RamTreeRun.Start(_image, Show, scripts: scripts);
        var other = RamTreeRun.Start(_image, Show, scripts: scripts);

        Assert.Multiple(() =>
        {
            Assert.That(one.ExitCode, Is.Zero, one.Output);
            Assert.That(one.After, Does.Match("^[0-9a-f]{32}\nssh-ed25519 .*\n600 600 $"));
            Assert.That(other.After, Is.Not.EqualTo(one.After));
        });
    }

    [TestCase("trixie", InitSystem.Sysvinit)]
    [TestCase("etch", InitSystem.Sysvinit)]
    [TestCase("trixie", InitSystem.Systemd)]
    public async Task The_scripts_are_clean_under_shellcheck_and_dash(string suite, InitSystem init)
    {
        var list = List([.. Flash.Entries, Entry("/etc/network/run")]);
        foreach (var script in new[] { RamTreeScripts.RamTreeScript(RecipeWith(list, init, suite)), RamTreeScripts.IdentityScript(RecipeWith(list, init, suite)) })
        {
            var file = _image.File("/script", script);
            await new ToolRunner().RunAsync(new ToolCommand("shellcheck", "--shell=sh", "--enable=all", "--exclude=SC2250,SC2292,SC2310,SC2312", file));
            await new ToolRunner().RunAsync(new ToolCommand("dash", "-n", file));
        }
    }

    [Test]
    public async Task The_script_is_started_after_proc_is_there_and_before_udev()
    {
        foreach (var name in new[] { "S02hostname.sh", "S02mountkernfs.sh", "S03udev", "S10checkroot.sh" })
        {
            _image.Dir("/etc/rcS.d", Mode("0755"));
            _image.Link($"/etc/rcS.d/{name}", $"../init.d/{name[3..]}");
        }

        await Install();
        await Install();

        Assert.That(
            new DirectoryInfo(_image.Root + "/etc/rcS.d").EnumerateFileSystemInfos().Select(f => f.Name).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "S02hostname.sh", "S02mountkernfs.sh", "S02z-dom0-ramtree", "S03udev", "S10checkroot.sh", "S99dom0-identity" }));
    }

    [Test]
    public void Whatever_the_image_starts_at_boot_has_to_come_after_the_RAM_tree()
    {
        _image.Dir("/etc/init.d", Mode("0755"));
        _image.Dir("/etc/rcS.d", Mode("0755"));
        _image.File("/etc/init.d/clock.sh", "#!/bin/sh\n### BEGIN INIT INFO\n# Provides:          clock  clock-two\n### END INIT INFO\n", Mode("0755"));
        foreach (var name in new[] { "S01clock.sh", "S01mountkernfs.sh", "S03udev" })
        {
            _image.Link($"/etc/rcS.d/{name}", $"../init.d/{name[3..]}");
        }

        // There is no insserv in this image that would heed the header.
        var problem = Assert.ThrowsAsync<BuildFailedException>(() => Install())!;

        Assert.That(problem.Message, Does.Contain("S01clock.sh"));
        Assert.That(File.ReadAllText(_image.Root + "/etc/init.d/dom0-ramtree"), Does.Match("# X-Start-Before: .* clock clock-two\n"));
    }

    [Test]
    public void I_cannot_have_an_SSH_server_whose_host_keys_have_no_place()
    {
        _image.Dir("/usr/sbin", Mode("0755"));
        _image.File("/usr/sbin/sshd", "");

        var problem = Assert.ThrowsAsync<BuildFailedException>(() => RamTreeInit.InstallAsync(_image.Context(), _image.Root, RecipeWith(List(Entry("/var/log")))))!;

        Assert.That(problem.Message, Does.Contain("recipes/small.yaml").And.Contain("/etc/ssh"));
    }

    private async Task Install(string suite = "trixie")
    {
        FlashRelocation.Relocate(_image.Root, Flash);
        await RamTreeInit.InstallAsync(_image.Context(), _image.Root, RecipeWith(Flash, suite: suite));
        RamTreeArchive.Write(_image.Root, Flash);
    }
}
