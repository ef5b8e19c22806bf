using System.Text.RegularExpressions;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.BootTesting;

/// <summary>
/// One client under Xen in which everything is wrong that its boot test has a check for and that leaves it able to tell: a check that
/// passes there sees nothing. A new check needs a new fault here, or a test of its own and a line in <see cref="Elsewhere"/>. What only
/// other scenarios ask has other tests: <see cref="DailyMenuSpecs"/>, <see cref="TwinChecksSpecs"/>.
/// </summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class CheckFaultSpecs
{
    // Run at the end of the boot, before the log-in.
    private const string Faults = """
        #!/bin/sh
        PATH=/usr/sbin:/usr/bin:/sbin:/bin
        # host-name
        hostname wrong
        # clock
        date -s '+2 hours'
        # users-can-ping
        sysctl -w net.ipv4.ping_group_range='1 0'
        # ssh-server
        pkill -x sshd
        # logs-without-read-only, console-without-read-only
        (: >/usr/planted) 2>&1 | logger
        (: >/usr/planted-on-the-console) 2>/dev/console
        # xl-list, xenstored, xenconsoled
        pkill xenconsoled
        pkill xenstored
        # xl-info: it has two ways to the hypervisor
        rm /dev/xen/privcmd
        umount -l /proc/xen
        # own-host-keys
        mount -t tmpfs tmpfs "$(readlink -f /etc/ssh)"
        # own-machine-id
        umount /etc/machine-id 2>/dev/null
        echo short >"$(readlink -f /etc/machine-id)"
        # lease-renewed
        pkill -x dom0-lease; mkdir /run/dom0-lease.new
        echo 'FAILED: planted' >/run/dom0-lease
        # ramtree-before-udev
        dmesg --clear
        # read-only PATH
        mount -t tmpfs tmpfs /usr/local
        # flash PATH, write PATH
        mount -t tmpfs -o ro tmpfs "$(readlink -f /var/tmp)"
        # root-read-only
        mount -o remount,rw /

        """;

    private const string Remembered = ",nocto,actimeo=86400";

    // What has its fault elsewhere, and why it has none here.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["all-checks-run"] = "nothing could be told of the others: CheckScriptSpecs",
        ["root-answers"] = "a client without a root tells nothing",
        ["flash-in-ram"] = "BootFaultSpecs: no client comes up without it",
        ["own-menu"] = "MenuCheckSpecs; a host that is not listed boots no dom0 at all",
        ["boot-ended"] = "it waits for minutes",
        ["no-failed-service"] = "what failed is told in its place, by its name",
    };

    [TestCase(InitSystem.Sysvinit, "trixie", Category = "Boots")]
    [TestCase(InitSystem.Systemd, "trixie-systemd", Category = "Long_checks_systemd")]
    public async Task Each_check_of_the_boot_test_sees_its_fault(InitSystem init, string recipe)
    {
        var built = await BuiltGeneration.GetAsync(recipe);
        using var report = new TempDirectory();
        var scenario = new BootScenario("faults", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true);
        var plan = built.Plan([scenario], report.Path);

        var result = await BootTest.RunAsync(plan, built.Context, new LabChanges { Root = root => Break(root, init), Files = Break });

        var client = result.Scenarios.Single().Clients.Single();
        Assert.That(client.Course.Failure, Is.Null, "it tells");
        var kinds = client.Checks.ToLookup(c => c.Name.Split(' ')[0]);
        foreach (var check in client.Checks.Where(c => !c.Passed))
        {
            TestContext.Progress.WriteLine($"{check.Name}: {check.Detail}");
        }

        Assert.That(kinds.Where(k => k.All(c => c.Passed)).Select(k => k.Key), Is.SubsetOf(Elsewhere.Keys));
        if (init == InitSystem.Systemd)
        {
            Assert.That(client.Checks.Where(c => !c.Passed).Select(c => c.Name), Does.Contain("service broken"));
        }

        Assert.That(Known(init).Except(kinds.Select(k => k.Key)).Except(Elsewhere.Keys), Is.Empty, "they were all asked");
    }

    // What the scripts of a client have a word for.
    private static IEnumerable<string> Known(InitSystem init)
        => new[] { "head", "logs", "system", "network", "xen", init == InitSystem.Systemd ? "systemd" : null }.OfType<string>()
            .SelectMany(name => Regex.Matches(CheckScript.Resource($"check-{name}.sh"), @"\b(?:pass|flunk) ""?([a-z][a-z-]+)").Select(m => m.Groups[1].Value))
            .Distinct();

    private static void Break(string root, InitSystem init)
    {
        var script = Path.Combine(root, "usr/lib/dom0image/faults");
        File.WriteAllText(script, Faults);
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);

        // bridge
        var xen = Path.Combine(root, "usr/lib/dom0image/dom0-xen");
        File.WriteAllText(xen, "#!/bin/sh\n");

        // link PATH: a second way to the same place
        var link = Path.Combine(root, "var/tmp");
        var target = new FileInfo(link).LinkTarget!;
        File.Delete(link);
        File.CreateSymbolicLink(link, target + "/.");

        if (init == InitSystem.Systemd)
        {
            // all-devices
            File.CreateSymbolicLink(Path.Combine(root, "etc/systemd/system/dom0-coldplug-rest.service"), "/dev/null");

            // no-failed-service
            Unit(root, "broken", "[Service]\nType=oneshot\nExecStart=/bin/false\n");

            // console-without-read-only, console-without-failures: what is below may come after the log-in, which does not wait for it
            Unit(root, "console", "[Unit]\nBefore=systemd-user-sessions.service\n[Service]\nType=oneshot\nExecStart=/bin/sh -c '(: >/usr/planted-on-the-console) 2>/dev/console; echo \"sh: planted: not found\" >/dev/console'\n");
            Unit(root, "faults", "[Unit]\nAfter=basic.target ssh.service systemd-logind.service xen.service xendomains.service\n[Service]\nType=oneshot\nExecStart=/usr/lib/dom0image/faults\n");
        }
        else
        {
            const string Rc = "l2:2:wait:/usr/bin/env USER=root /etc/init.d/rc 2\n";
            var file = Path.Combine(root, "etc/inittab");
            var text = File.ReadAllText(file);
            Assert.That(text, Does.Contain(Rc));
            File.WriteAllText(file, text.Replace(Rc, Rc + "zz:2:wait:/usr/lib/dom0image/faults\n", StringComparison.Ordinal));

            // console-without-failures
            var service = Path.Combine(root, "etc/init.d/ssh");
            File.WriteAllText(service, File.ReadAllText(service).Replace(". /lib/lsb/init-functions\n", ". /lib/lsb/init-functions\nlog_failure_msg 'ssh: planted'\n", StringComparison.Ordinal));
        }
    }

    private static void Unit(string root, string name, string text)
    {
        File.WriteAllText(Path.Combine(root, $"etc/systemd/system/{name}.service"), text);
        File.CreateSymbolicLink(Path.Combine(root, $"etc/systemd/system/multi-user.target.wants/{name}.service"), $"/etc/systemd/system/{name}.service");
    }

    private static void Break(LabFiles files)
    {
        // root-over-nfs: another way to write the same path; root-remembered: as mounts are by default; root-card: none is named
        // Several names lead to a menu.
        var changed = 0;
        foreach (var menu in Directory.GetFiles(files.TftpArea, "*.conf", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(menu);
            if (text.Contains(Remembered, StringComparison.Ordinal))
            {
                File.WriteAllText(menu, text.Replace($":{Places.Generations}/", $":{Places.Generations}//", StringComparison.Ordinal).Replace(Remembered, "", StringComparison.Ordinal).Replace(" dom0.mac=$net_default_mac", "", StringComparison.Ordinal));
                changed++;
            }
        }

        Assert.That(changed, Is.GreaterThan(0));

        // images
        var ganesha = files.Configuration + "/ganesha/dom0image-exports.conf";
        var blocks = File.ReadAllText(ganesha).Split("EXPORT {");
        File.WriteAllText(ganesha, string.Join("EXPORT {", blocks.Select(b => b.Contains($"Path = {Places.DomUImages};", StringComparison.Ordinal) ? b.Replace("RW;", "RO;", StringComparison.Ordinal) : b)));
    }
}
