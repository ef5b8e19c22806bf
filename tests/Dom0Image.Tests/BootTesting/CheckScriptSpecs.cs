using System.Diagnostics;
using System.Net;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.BootTesting;

internal sealed class CheckScriptSpecs
{
    [TestCase(InitSystem.Sysvinit, true)]
    [TestCase(InitSystem.Systemd, false)]
    public void The_script_is_clean_under_shellcheck_whatever_the_paths_are(InitSystem init, bool xen)
    {
        using var directory = new TempDirectory();
        var plan = new ClientExpectation("post01", IPAddress.Parse("192.0.2.1"), "/srv/it's/root", ImagesExport.ReadOnly, xen, init,
            [new ExpectedFlash("/var/with blank", FlashKind.Directory, 0b001_111_111_111, 0, 43, HasLink: true), new ExpectedFlash("/etc/$(reboot)", FlashKind.File, 0b100_100_100, 0, 0, HasLink: true)],
            ["/usr"])
        { FailedServices = ["it's"], RootCard = "52:54:00:00:01:01,52:54:00:00:01:02" };

        var script = directory.Write("check.sh", CheckScript.For(plan, TimeSpan.FromSeconds(90)));

        Assert.That(Run("shellcheck", "--shell=sh", "--severity=warning", script), Is.Empty);
        Assert.That(File.ReadAllText(script), Does.Contain("""flash_entry '/flash/etc/$(reboot)' '444' '0:0' 'regular'"""));
        Assert.That(File.ReadAllLines(script), Does.Contain("images 'read-only' '192.0.2.1:/opt/ondemand/imgs'"));
        Assert.That(File.ReadAllLines(script), Does.Contain("lease 'lent'").And.Contain("root_card '52:54:00:00:01:01,52:54:00:00:01:02'"));
        Assert.That(File.ReadAllLines(script).Contains("boot_ended 90"), Is.EqualTo(init == InitSystem.Systemd), "only there it ends after the prompt");
    }

    [Test]
    public void I_am_told_which_units_failed_and_the_last_that_each_said()
    {
        using var directory = new TempDirectory();
        Program("systemctl", "echo 'mariadb.service loaded failed failed MariaDB database server'");
        Program("journalctl", "printf 'Starting\\033[31m|up\\n[ERROR] no\\n'");
        var script = directory.Write("check.sh", CheckScript.Resource("check-head.sh") + CheckScript.Resource("check-systemd.sh") + $"PATH='{directory["bin"]}':$PATH\nsystemd_services\n");

        var failed = ClientTestimony.Read(Run("sh", script).Split('\n')).Checks.Single();

        Assert.That((failed.Name, failed.Passed), Is.EqualTo(("service mariadb", false)));
        Assert.That(failed.Lines, Is.EqualTo(new[] { "Starting?[31m|up", "[ERROR] no" }));

        void Program(string name, string body)
            => File.SetUnixFileMode(directory.Write($"bin/{name}", $"#!/bin/sh\n{body}\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    [Test]
    public void Clients_that_booted_side_by_side_try_the_locks_of_the_images_on_files_of_their_own()
    {
        using var directory = new TempDirectory();
        var script = directory.Write("check.sh", CheckScript.Resource("check-head.sh") + "echo \"$$ $probe\"\n");

        string[][] clients = [.. Enumerable.Range(0, 2).Select(_ => Run("unshare", "--pid", "--fork", "sh", script).Trim().Split('\n')[^1].Split(' '))];

        Assert.That(clients.Select(words => words[0]), Is.All.EqualTo("1"), "they have the same process ids");
        Assert.That(clients.Select(words => words[1]), Is.Unique);
        Assert.That(clients.Select(words => words[1]), Has.All.StartsWith(".boot-test-"));
    }

    [Test]
    public void I_get_what_a_client_told_and_know_when_it_did_not_get_to_the_end()
    {
        string[] told = ["check|write /tmp|ok|", "check|flash /var|fail|it is '755 0:0 directory', not '1777'", "fact|clock|17", "noise", "check|half"];

        var testimony = ClientTestimony.Read(told);

        Assert.That(testimony.Checks.Select(c => (c.Name, c.Passed)), Is.EqualTo(new[] { ("write /tmp", true), ("flash /var", false) }));
        Assert.That(testimony.Facts["clock"], Is.EqualTo("17"));
        Assert.That(testimony.Complete, Is.False);
        Assert.That(ClientTestimony.Read([.. told, "end"]).Complete, Is.True);
    }

    // A copy of ping has no capabilities, as it has none over NFSv3; the kernel's own default lets nobody ping without.
    [TestCase("1 0", "check|users-can-ping|fail|it fails for nobody: ")]
    [TestCase("0 2147483647", "check|users-can-ping|ok|127.0.0.1, as nobody")]
    public void I_am_told_whether_users_can_ping(string range, string expected)
    {
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_101_101);
        File.Copy("/usr/bin/ping", Path.Combine(directory.Make("bin"), "ping"));
        var check = CheckScript.Resource("check-system.sh").Split("# --- ").Single(part => part.StartsWith("users can ping", StringComparison.Ordinal));
        var script = directory.Write("check.sh", $"""
            {CheckScript.Resource("check-head.sh")}
            PATH='{directory["bin"]}':$PATH
            ip link set lo up
            echo '{range}' >/proc/sys/net/ipv4/ping_group_range
            # {check}
            """);

        Assert.That(Run("env", [.. Isolation.Network.Around(["sh", script])]).Split('\n'), Has.One.StartsWith(expected));
    }

    [Test]
    public void Our_overlay_lets_users_ping() => Assert.That(
        File.ReadAllLines(Path.Combine(Checkout.Root, "overlays/base/etc/sysctl.d/10-dom0-ping.conf")), Has.Member("net.ipv4.ping_group_range = 0 2147483647"));

    [TestCase("running", "ok|running")]
    [TestCase("degraded", "ok|degraded")]
    [TestCase("starting", "fail|after 1 s more it is 'starting'; it waits for dom0-xen.service ")]
    public void Services_that_still_start_are_waited_for_but_not_for_ever(string state, string expected)
    {
        using var directory = new TempDirectory();
        var program = directory.Write("bin/systemctl", $"""
            #!/bin/sh
            case $* in
            *--wait) [ {state} = starting ] && exec sleep 60 ;;
            list-jobs*) echo '12 dom0-xen.service start running' && exit ;;
            esac
            echo {state}
            [ {state} = running ]

            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var call = $"PATH='{directory["bin"]}':$PATH\nboot_ended 1\n";

        var script = directory.Write("check.sh", CheckScript.Resource("check-head.sh") + CheckScript.Resource("check-systemd.sh") + call);

        Assert.That(Run("sh", script).Split('\n'), Does.Contain($"check|boot-ended|{expected}"));
    }

    [TestCase("tty", "ok|/dev/tty63 is of group tty")]
    [TestCase("root", "fail|udev was not told of /dev/tty63, which is of group root")]
    public void A_device_that_udev_was_never_told_of_is_found(string group, string expected)
    {
        using var directory = new TempDirectory();
        foreach (var (name, body) in new[] { ("udevadm", ":"), ("stat", $"echo {group}") })
        {
            File.SetUnixFileMode(directory.Write($"bin/{name}", $"#!/bin/sh\n{body}\n"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var check = CheckScript.Resource("check-systemd.sh").Replace("[ -c \"$last\" ]", ":", StringComparison.Ordinal);
        var script = directory.Write("check.sh", CheckScript.Resource("check-head.sh") + check + $"PATH='{directory["bin"]}':$PATH\nall_devices\n");

        Assert.That(Run("sh", script).Split('\n'), Does.Contain($"check|all-devices|{expected}"));
    }

    [TestCase(1600, 1, "ok|1 of ")]
    [TestCase(1600, 2781, "fail|2781 of ")]
    [TestCase(0, 0, "fail|0 of 0")]
    public void A_root_that_is_asked_again_whether_it_changed_is_found(int reads, int attributes, string expected)
    {
        using var directory = new TempDirectory();
        var stats = directory.Write("mountstats", $"""
            device rootfs mounted on / with fstype rootfs
            device 192.168.0.5:/opt/ondemand/generations/x/root mounted on / with fstype nfs statvers=1.1
            	per-op statistics
            	        NULL: 0 0 0 0 0 0 0 0 0
            	     GETATTR: {attributes} {attributes} 0 1 2 3 4 5 0
            	        READ: {reads} {reads} 0 1 2 3 4 5 0
            device 192.168.0.5:/opt/ondemand/imgs mounted on /opt/ondemand/imgs with fstype nfs statvers=1.1
            	     GETATTR: 4000 4000 0 1 2 3 4 5 0

            """);

        var check = CheckScript.Resource("check-system.sh");
        const string Begin = "# --- a generation never changes";
        check = check[check.IndexOf(Begin, StringComparison.Ordinal)..check.IndexOf("# --- an identity", StringComparison.Ordinal)];
        var script = directory.Write("check.sh", CheckScript.Resource("check-head.sh").Replace("/proc/self/mountstats", stats, StringComparison.Ordinal) + check);

        var said = Run("sh", script).Split('\n');
        Assert.That(said, Has.One.StartsWith($"check|root-remembered|{expected}"));
        Assert.That(said, Does.Contain($"fact|nfs-requests-before-checks|{reads + attributes}"), "what another mount asks does not count");
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
