using System.Text.RegularExpressions;
using Dom0Image.Boot.Dhcp;
using Dom0Image.Boot.Nfs;

namespace Dom0Image.Tests.Serving;

/// <summary>The real command on a machine with the real servers and Debian's own scripts: what it does, and what it leaves alone.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ServeSpecs : OnServerMachine
{
    // Kills a command as soon as it has started a server. Arguments: the server, and the command.
    private const string KillWhenStarted =
        """
        server=$1
        shift
        "$@" &
        until pidof "$server"; do kill -0 $! || exit 1; sleep 0.02; done
        kill -KILL $!
        """;

    [Test, Order(1)]
    public async Task I_get_what_the_site_needs_enabled_and_started_and_nothing_else_and_what_runs_is_left_alone()
    {
        var refused = await Machine.CommandAsync("--target=Serve");

        Assert.That(refused.ExitCode, Is.Not.Zero, refused.Told);
        Assert.That(refused.Told, Does.Contain("will enable tftpd-hpa, and start it: it does not run").And.Contain("no terminal").And.Contain("--yes"));
        Assert.That((await Machine.AnswerAsync("n", "--target=Serve")).Told, Does.Contain("Do this? (y/n)").And.Contain("nothing was done"));
        Assert.That(await Machine.RunningAsync(), Is.Empty);

        var first = await Machine.AnswerAsync("y", "--target=Serve");
        var running = await Machine.RunningAsync();

        Assert.That(first.ExitCode, Is.Zero, first.Told);
        Assert.That(first.Told, Does.Contain($"Next: boot post01: it gets {Id}"));
        Assert.That(running.Keys, Is.EqualTo(new[] { "dhcpd", "ganesha.nfsd", "in.tftpd", "rpcbind" }));
        Assert.That(Machine.Enabled, Is.EqualTo(new[] { "isc-dhcp-server", "tftpd-hpa", "rpcbind" }));

        var again = await Machine.CommandAsync("--target=Serve");

        Assert.That(again.ExitCode, Is.Zero, again.Told);
        Assert.That(await Machine.RunningAsync(), Is.EqualTo(running));
    }

    [Test, Order(2)]
    public async Task I_get_a_server_restarted_whose_file_changed_and_no_other()
    {
        var before = await Machine.RunningAsync();
        Machine.Site(text => text.Replace("192.168.0.101", "192.168.0.111"));

        var next = await Machine.CommandAsync("--target=BootFiles");
        var served = await Machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(next.Told, Does.Contain("1. ./build.sh --target=Serve --site=example").And.Contain("restart isc-dhcp-server: it was started before /etc/dhcp/dhcpd.conf changed").And.Contain("2. boot post01"));
        Assert.That(served.ExitCode, Is.Zero, served.Told);
        Assert.That((await Machine.RunningAsync()).Except(before).Select(p => p.Key), Is.EqualTo(new[] { "dhcpd" }));
    }

    [Test, Order(3)]
    public async Task I_get_another_host_in_without_a_restart_of_the_NFS_server_and_one_that_is_needed()
    {
        static string ToHosts(string text) => Regex.Replace(text, "(?m)^(?:    range|default-profile):.*\n", "") + "export-to: hosts\n";
        Machine.Site(text => Regex.Replace(ToHosts(text), "(?m)^  post03:.*\n", ""));
        await Machine.CommandAsync("--target=BootFiles");
        await Machine.CommandAsync("--target=Serve", "--yes");
        var before = await Machine.RunningAsync();
        Machine.Site(ToHosts);

        var next = await Machine.CommandAsync("--target=BootFiles");
        var served = await Machine.CommandAsync("--target=Serve", "--yes");
        var running = await Machine.RunningAsync();
        var again = await Machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(next.Told, Does.Contain("have nfs-ganesha read /etc/ganesha/dom0image-exports.conf again, which ends no client"));
        Assert.That(served.ExitCode, Is.Zero, served.Told);
        Assert.That(running.Except(before).Select(p => p.Key), Is.EqualTo(new[] { "dhcpd" }));
        Assert.That(again.Told, Does.Not.Contain("will "), "it was read");

        File.AppendAllText(Machine.Root + Ganesha.Settings, "# changed\n");
        Assert.That((await Machine.CommandAsync("--target=Serve")).Told, Does.Contain("restart nfs-ganesha: it was started before /etc/ganesha/ganesha.conf changed"));
    }

    [Test, Order(4)]
    public async Task I_am_told_of_an_NFS_server_that_does_not_read_again_and_the_others_are_seen_to()
    {
        await Machine.CommandAsync("--target=Serve", "--yes");
        var before = await Machine.RunningAsync();
        File.AppendAllText(Machine.Root + Ganesha.Exports, "# changed\n");
        File.AppendAllText(Machine.Root + IscDhcpServer.Conf, "# changed\n");
        await Machine.DoAsync("kill", "-STOP", before["ganesha.nfsd"]);
        try
        {
            var stands = await Machine.CommandAsync("--target=Serve", "--yes");

            Assert.That(stands.ExitCode, Is.Not.Zero, stands.Told);
            Assert.That(stands.Told, Does.Contain("nfs-ganesha: it was told to read its exports again, and /var/log/ganesha/ganesha.log does not say that it did"));
            Assert.That((await Machine.RunningAsync()).Except(before).Select(p => p.Key), Is.EqualTo(new[] { "dhcpd" }));
        }
        finally
        {
            await Machine.DoAsync("kill", "-CONT", before["ganesha.nfsd"]);
        }

        var goes = await Machine.CommandAsync("--target=Serve", "--yes");
        Assert.That(goes.ExitCode, Is.Zero, goes.Told);
        Assert.That(goes.Told, Does.Contain("will have nfs-ganesha read /etc/ganesha/dom0image-exports.conf again"), "it is not taken for read");
    }

    [Test]
    public async Task I_am_told_first_of_a_file_that_I_wrote_with_the_difference()
    {
        Write(IscDhcpServer.Conf, "# mine\nauthoritative;\n");

        var (_, told) = await Machine.CommandAsync("--target=BootFiles");

        Assert.That(told[told.IndexOf("Next:", StringComparison.Ordinal)..], Does.Match(
            @"1\. /etc/dhcp/dhcpd\.conf was written (.|\n)*-# mine\n(.|\n)*\+# Written by Dom0Image(.|\n)*lines more\n +All of it: diff -u (.|\n)*mv /etc/dhcp/dhcpd\.conf\.dom0image /etc/dhcp/dhcpd\.conf\n +2\. (.|\n)*3\. boot post01"));
    }

    [Test]
    public async Task I_am_told_of_a_range_that_is_too_small_and_no_server_is_restarted_for_it()
    {
        await Machine.CommandAsync("--target=Serve", "--yes");
        var running = await Machine.RunningAsync();
        var file = Machine.Root + "/var/lib/dhcp/dhcpd.leases";
        var before = File.ReadAllText(file);
        File.AppendAllLines(file, Enumerable.Range(200, 51).Select(n => $"lease 192.168.0.{n} {{\n  ends 4 2099/01/01 00:00:00;\n  binding state active;\n}}"));
        try
        {
            var (exitCode, told) = await Machine.CommandAsync("--target=Serve", "--yes");

            Assert.That(exitCode, Is.Zero, told);
            Assert.That(told, Does.Contain("all 51 addresses of the range 192.168.0.200-192.168.0.250 are lent").And.Contain("example.yaml:12:12"));
            Assert.That(await Machine.RunningAsync(), Is.EqualTo(running));
        }
        finally
        {
            File.WriteAllText(file, before);
        }
    }

    [Test]
    public async Task I_never_get_two_NFS_servers()
    {
        await Machine.CommandAsync("--target=Serve", "--yes");
        Assert.That((await Machine.RunningAsync()).Keys, Does.Contain("ganesha.nfsd"));
        Machine.Site(text => text + "nfs-server: kernel\n");

        var (exitCode, told) = await Machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(told, Does.Contain("will stop and disable nfs-ganesha").And.Contain("will enable nfs-kernel-server"));
        Assert.That((await Machine.RunningAsync()).Keys, Does.Not.Contain("ganesha.nfsd"));
        Assert.That(Machine.Enabled, Does.Contain("nfs-kernel-server"));
        if (!File.ReadAllText("/proc/filesystems").Contains("nfsd", StringComparison.Ordinal))
        {
            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(told, Does.Contain("the kernel's NFS server does not run").And.Contain("the site may have 'nfs-server: ganesha'"));
        }

        Machine.Site(text => text);
        (exitCode, told) = await Machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(exitCode, Is.Zero, told);
        Assert.That(told, Does.Contain("will stop and disable nfs-kernel-server"));
        Assert.That((await Machine.RunningAsync()).Keys, Does.Contain("ganesha.nfsd"));
        Assert.That(Machine.Enabled, Does.Not.Contain("nfs-kernel-server"));
    }

    [Test]
    public async Task I_can_have_it_killed_half_way_and_run_it_twice_at_once()
    {
        foreach (var started in new[] { "rpcbind", "ganesha.nfsd", "in.tftpd" })
        {
            await Machine.StopServersAsync();
            await Machine.DoAsync(["sh", "-euc", KillWhenStarted, "sh", started, .. ServerMachine.Command("--target=Serve", "--yes")]);
            // One that had not become a daemon yet goes with its starter.
            Assert.That((await Machine.RunningAsync()).Keys, Does.Not.Contain("dhcpd"), $"killed when {started} had started");
        }

        var both = await Task.WhenAll(Machine.CommandAsync("--target=Serve", "--yes"), Machine.CommandAsync("--target=Serve", "--yes"));
        var running = await Machine.RunningAsync();

        Assert.That(both.Select(b => b.ExitCode), Has.All.Zero, both[0].Told + both[1].Told);
        Assert.That(both.Select(b => b.Told), Has.Some.Contains("waiting for another build to end"));
        Assert.That(running.Keys, Is.EqualTo(new[] { "dhcpd", "ganesha.nfsd", "in.tftpd", "rpcbind" }));
        // tftpd has a process for each file that it sends.
        Assert.That(running.Where(p => p.Key != "in.tftpd").Select(p => p.Value), Has.All.Not.Contain(" "), "one of each");
    }

    [Test]
    public async Task I_cannot_serve_from_a_machine_that_is_not_the_boot_server_nor_from_a_prefix()
    {
        Machine.Site(text => text.Replace("192.168.0.5", "192.168.0.7"));

        var elsewhere = await Machine.CommandAsync("--target=Serve", "--yes");
        var files = await Machine.CommandAsync("--target=BootFiles");
        var below = await Machine.CommandAsync("--target=Serve", "--prefix=/srv/trial", "--yes");

        Assert.That(elsewhere.Told, Does.Contain("192.168.0.7 is on none of its interfaces; expected one of its addresses: 192.168.0.5"));
        Assert.That(files.Told, Does.Contain("This machine is not the boot server").And.Contain("./build.sh --target=Serve --site=example"));
        Assert.That(below.Told, Does.Contain("not what is below /srv/trial"));
        Assert.That(new[] { elsewhere.ExitCode, below.ExitCode }, Has.All.Not.Zero);
    }
}
