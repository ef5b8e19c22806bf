using Dom0Image.Boot;
using Dom0Image.Generations;

namespace Dom0Image.Tests.Serving;

/// <summary>The real command on a machine with the real servers and Debian's own scripts; every fault is really there.</summary>
[Category("Slow")]
public sealed class ServeSpecs
{
    // Kills a command as soon as it has started a server. Arguments: the server, and the command.
    private const string KillWhenStarted =
        """
        server=$1
        shift
        "$@" &
        until pidof "$server"; do sleep 0.02; done
        kill -KILL $!
        """;

    private ServerMachine _machine = null!;
    private string _id = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _machine = await ServerMachine.StartAsync();
        _id = _machine.Publish();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _machine.DisposeAsync();

    [SetUp]
    public Task PutRightAsync() => _machine.PutRightAsync(_machine.Site(text => text));

    [Test, Order(1)]
    public async Task I_get_what_the_site_needs_enabled_and_started_and_nothing_else_and_what_runs_is_left_alone()
    {
        var refused = await _machine.CommandAsync("--target=Serve");

        Assert.That(refused.ExitCode, Is.Not.Zero, refused.Told);
        Assert.That(refused.Told, Does.Contain("will enable tftpd-hpa, and start it: it does not run").And.Contain("no terminal").And.Contain("--yes"));
        Assert.That((await _machine.AnswerAsync("n", "--target=Serve")).Told, Does.Contain("Do this? (y/n)").And.Contain("nothing was done"));
        Assert.That(await _machine.RunningAsync(), Is.Empty);

        var first = await _machine.AnswerAsync("y", "--target=Serve");
        var running = await _machine.RunningAsync();

        Assert.That(first.ExitCode, Is.Zero, first.Told);
        Assert.That(first.Told, Does.Contain($"Next: boot post01: it gets {_id}"));
        Assert.That(running.Keys, Is.EqualTo(new[] { "dhcpd", "ganesha.nfsd", "in.tftpd", "rpcbind" }));
        Assert.That(_machine.Enabled, Is.EqualTo(new[] { "isc-dhcp-server", "tftpd-hpa", "rpcbind" }));

        var again = await _machine.CommandAsync("--target=Serve");

        Assert.That(again.ExitCode, Is.Zero, again.Told);
        Assert.That(await _machine.RunningAsync(), Is.EqualTo(running));
    }

    [Test, Order(2)]
    public async Task I_get_a_server_restarted_whose_file_changed_and_no_other()
    {
        var before = await _machine.RunningAsync();
        _machine.Site(text => text.Replace("192.168.0.101", "192.168.0.111"));

        var next = await _machine.CommandAsync("--target=BootFiles");
        var served = await _machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(next.Told, Does.Contain("1. ./build.sh --target=Serve --site=example").And.Contain("restart isc-dhcp-server: it was started before /etc/dhcp/dhcpd.conf changed").And.Contain("2. boot post01"));
        Assert.That(served.ExitCode, Is.Zero, served.Told);
        Assert.That((await _machine.RunningAsync()).Except(before).Select(p => p.Key), Is.EqualTo(new[] { "dhcpd" }));
    }

    [Test]
    public async Task I_am_told_of_a_loader_with_one_wrong_byte()
    {
        await FlipAsync(_machine.Root + $"{Places.Tftp}/{GrubImages.BiosFile}", 1000);

        await FailsAsync("byte 1000 of ", $"{Places.Tftp}/{GrubImages.BiosFile} is not as it was published: ./build.sh --target=BootFiles");
    }

    [TestCase("kernels/kernel-6.12-xen-pIV-rltk")]
    [TestCase("hypervisors/xen-4.20.gz")]
    public async Task I_am_told_of_a_kernel_or_hypervisor_with_one_wrong_byte(string file)
    {
        var path = $"{_machine.Root}{Places.TftpGenerations}/{_id}/{file}";
        await FlipAsync(path, 3);
        try
        {
            await FailsAsync($"{Places.TftpGenerations}/{_id}/{file} is not as it was published: sha256", "A generation is never edited");
        }
        finally
        {
            await FlipAsync(path, 3);
        }
    }

    // The loaders and menus are read, and the generation is not: only whoever asks for it can tell.
    [TestCase("kernels/kernel-6.12-xen-pIV-rltk")]
    [TestCase("hypervisors/xen-4.20.gz")]
    public async Task I_am_told_of_a_kernel_or_hypervisor_that_the_TFTP_server_does_not_give(string file)
    {
        Write(ServerPlaces.TftpdMap, File.ReadAllText(_machine.Root + ServerPlaces.TftpdMap) + $"a {Path.GetFileName(file)}\n");

        await FailsAsync($"does not give tftp://192.168.0.5/generations/{_id}/{file}");
    }

    [Test]
    public async Task I_am_told_of_a_root_whose_files_the_NFS_server_does_not_give()
    {
        // Whoever is squashed can list directories, and cannot read what is root's alone.
        var file = $"{_machine.Root}{Places.RootOf(_id)}/etc/fstab";
        Write(ServerPlaces.Ganesha, File.ReadAllText(_machine.Root + ServerPlaces.Ganesha).Replace("No_Root_Squash", "Root_Squash"));
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        try
        {
            await FailsAsync($"the NFS server does not give {Places.RootOf(_id)}/etc/fstab as it is on the disk");
        }
        finally
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    [Test]
    public async Task I_am_told_of_a_root_without_a_file_to_read()
    {
        var etc = $"{_machine.Root}{Places.RootOf(_id)}/etc";
        Directory.Move(etc, etc + "-away");
        RestartNfs();
        try
        {
            await FailsAsync("etc has no file that could be read by way of the NFS server", $"--target=Check --generation={_id}");
        }
        finally
        {
            Directory.Move(etc + "-away", etc);
        }
    }

    [Test]
    public async Task I_am_told_of_menus_that_are_not_those_of_the_site()
    {
        _machine.Site(text => text.Replace("menu-timeout: 2", "menu-timeout: 3"));

        await FailsAsync("the published menus are not those of site example", "./build.sh --target=BootFiles --site=example");
    }

    [Test]
    public async Task I_am_told_of_images_that_clients_cannot_mount()
    {
        var images = _machine.Root + Places.DomUImages;
        Directory.Move(images, images + "-away");
        RestartNfs();
        try
        {
            await FailsAsync($"does not let clients mount {Places.DomUImages}", $"{Places.DomUImages} is not there. Is its file system mounted?");
        }
        finally
        {
            Directory.Move(images + "-away", images);
        }
    }

    [Test]
    public async Task I_am_told_that_there_is_no_portmapper()
    {
        await _machine.RunAsync("service", "rpcbind", "stop");
        await _machine.RunAsync("mv", "/usr/sbin/rpcbind", "/usr/sbin/rpcbind.away");
        await _machine.RunAsync("ln", "-s", "/bin/true", "/usr/sbin/rpcbind");
        try
        {
            await FailsAsync("rpcbind: no portmapper listens on port 111");
        }
        finally
        {
            await _machine.RunAsync("mv", "-f", "/usr/sbin/rpcbind.away", "/usr/sbin/rpcbind");
        }
    }

    [Test]
    public async Task I_am_told_of_a_DHCP_server_that_runs_and_listens_nowhere()
    {
        // Told to listen at another port, in the one place where our file does not say it.
        await _machine.RunAsync("service", "isc-dhcp-server", "stop");
        await _machine.RunAsync("dhcpd", "-4", "-q", "-p", "6767", "-cf", ServerPlaces.Dhcpd, "-pf", "/var/run/dhcpd.pid", "br0");
        await _machine.RunAsync("mv", "/etc/init.d/isc-dhcp-server", "/tmp/isc-dhcp-server");
        await _machine.RunAsync("ln", "-s", "/bin/true", "/etc/init.d/isc-dhcp-server");
        try
        {
            await FailsAsync("the DHCP server runs, but nothing listens on port 67");
        }
        finally
        {
            await _machine.RunAsync("mv", "-f", "/tmp/isc-dhcp-server", "/etc/init.d/isc-dhcp-server");
            await _machine.RunAsync("sh", "-c", "kill $(cat /var/run/dhcpd.pid)");
        }
    }

    [Test]
    public async Task I_am_told_that_a_TFTP_server_serves_another_directory()
    {
        Write(ServerPlaces.Tftpd, $"TFTP_USERNAME=tftp\nTFTP_DIRECTORY=/srv/tftp\nTFTP_ADDRESS={ServerMachine.Address}:69\nTFTP_OPTIONS=--secure\n");

        await FailsAsync("does not give tftp://192.168.0.5/boot/grub/i386-pc/core.0: it has no such file", "serves /srv/tftp and not /tftpboot", "mv /etc/default/tftpd-hpa.dom0image /etc/default/tftpd-hpa");
    }

    [Test]
    public async Task I_am_told_of_a_root_that_is_not_exported()
    {
        Write(ServerPlaces.Ganesha, File.ReadAllText(_machine.Root + ServerPlaces.Ganesha).Replace("192.168.0.0/24", "10.0.0.0/8"));

        await FailsAsync($"does not let clients mount {Places.RootOf(_id)}", "MNT3ERR_ACCES", "mv /etc/ganesha/ganesha.conf.dom0image /etc/ganesha/ganesha.conf");
    }

    [Test]
    public async Task I_am_told_of_a_DHCP_server_that_somebody_started_with_another_file()
    {
        await _machine.RunAsync("service", "isc-dhcp-server", "stop");
        await _machine.RunAsync("cp", ServerPlaces.Dhcpd, "/tmp/other.conf");
        await _machine.RunAsync("dhcpd", "-4", "-q", "-cf", "/tmp/other.conf", "-pf", "/tmp/other.pid", "br0");
        try
        {
            await FailsAsync("reads /tmp/other.conf; expected /etc/dhcp/dhcpd.conf", $"kill {(await _machine.RunningAsync())["dhcpd"]}");
        }
        finally
        {
            await _machine.RunAsync("sh", "-c", "kill $(cat /tmp/other.pid)");
        }
    }

    [Test]
    public async Task I_am_told_of_a_range_that_is_too_small()
    {
        await _machine.CommandAsync("--target=Serve", "--yes");
        var file = _machine.Root + "/var/lib/dhcp/dhcpd.leases";
        var before = File.ReadAllText(file);
        File.AppendAllLines(file, Enumerable.Range(200, 51).Select(n => $"lease 192.168.0.{n} {{\n  ends 4 2099/01/01 00:00:00;\n  binding state active;\n}}"));
        try
        {
            await FailsAsync("all 51 addresses of the range 192.168.0.200-192.168.0.250 are lent", "example.yaml:12:12");
        }
        finally
        {
            File.WriteAllText(file, before);
        }
    }

    [Test]
    public async Task I_am_told_why_a_server_does_not_start()
    {
        Write(ServerPlaces.Dhcpd, "subnet 192.168.0.0 netmask 255.255.255.0 { no-such-statement }\n");

        await FailsAsync("isc-dhcp-server: 'service isc-dhcp-server restart' failed", "no-such-statement", "mv /etc/dhcp/dhcpd.conf.dom0image /etc/dhcp/dhcpd.conf");
    }

    [Test]
    public async Task I_am_told_first_of_a_file_that_I_wrote_with_the_difference()
    {
        Write(ServerPlaces.Dhcpd, "# mine\nauthoritative;\n");

        var (_, told) = await _machine.CommandAsync("--target=BootFiles");

        Assert.That(told[told.IndexOf("Next:", StringComparison.Ordinal)..], Does.Match(
            @"1\. /etc/dhcp/dhcpd\.conf was written (.|\n)*-# mine\n(.|\n)*\+# Written by Dom0Image(.|\n)*lines more\n +All of it: diff -u (.|\n)*mv /etc/dhcp/dhcpd\.conf\.dom0image /etc/dhcp/dhcpd\.conf\n +2\. (.|\n)*3\. boot post01"));
    }

    [Test]
    public async Task I_am_told_that_the_generations_are_not_mounted()
    {
        await _machine.RunAsync("mount", "-t", "tmpfs", "tmpfs", Places.Generations);
        try
        {
            var (exitCode, told) = await _machine.CommandAsync("--target=Serve", "--yes");

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(told, Does.Contain($"generation {_id}, which hosts boot, is not below {Places.Generations}").And.Contain($"findmnt {Places.Generations}"));
        }
        finally
        {
            await _machine.RunAsync("umount", Places.Generations);
        }
    }

    [Test]
    public async Task I_never_get_two_NFS_servers()
    {
        await _machine.CommandAsync("--target=Serve", "--yes");
        Assert.That((await _machine.RunningAsync()).Keys, Does.Contain("ganesha.nfsd"));
        _machine.Site(text => text + "nfs-server: kernel\n");

        var (exitCode, told) = await _machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(told, Does.Contain("will stop and disable nfs-ganesha").And.Contain("will enable nfs-kernel-server"));
        Assert.That((await _machine.RunningAsync()).Keys, Does.Not.Contain("ganesha.nfsd"));
        Assert.That(_machine.Enabled, Does.Contain("nfs-kernel-server"));
        if (!File.ReadAllText("/proc/filesystems").Contains("nfsd", StringComparison.Ordinal))
        {
            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(told, Does.Contain("the kernel's NFS server does not run").And.Contain("the site may have 'nfs-server: ganesha'"));
        }
    }

    [Test]
    public async Task I_can_have_it_killed_half_way_and_run_it_twice_at_once()
    {
        foreach (var started in new[] { "rpcbind", "ganesha.nfsd", "in.tftpd" })
        {
            await _machine.StopServersAsync();
            await _machine.RunAsync(["sh", "-euc", KillWhenStarted, "sh", started, .. ServerMachine.Command("--target=Serve", "--yes")]);
            Assert.That((await _machine.RunningAsync()).Keys, Does.Contain(started).And.Not.Contain("dhcpd"));
        }

        var both = await Task.WhenAll(_machine.CommandAsync("--target=Serve", "--yes"), _machine.CommandAsync("--target=Serve", "--yes"));
        var running = await _machine.RunningAsync();

        Assert.That(both.Select(b => b.ExitCode), Has.All.Zero, both[0].Told + both[1].Told);
        Assert.That(both.Select(b => b.Told), Has.Some.Contains("waiting for another build to end"));
        Assert.That(running.Keys, Is.EqualTo(new[] { "dhcpd", "ganesha.nfsd", "in.tftpd", "rpcbind" }));
        // tftpd has a process for each file that it sends.
        Assert.That(running.Where(p => p.Key != "in.tftpd").Select(p => p.Value), Has.All.Not.Contain(" "), "one of each");
    }

    [Test]
    public async Task I_cannot_serve_from_a_machine_that_is_not_the_boot_server_nor_from_a_prefix()
    {
        _machine.Site(text => text.Replace("192.168.0.5", "192.168.0.7"));

        var elsewhere = await _machine.CommandAsync("--target=Serve", "--yes");
        var files = await _machine.CommandAsync("--target=BootFiles");
        var below = await _machine.CommandAsync("--target=Serve", "--prefix=/srv/trial", "--yes");

        Assert.That(elsewhere.Told, Does.Contain("192.168.0.7 is on none of its interfaces; expected one of its addresses: 192.168.0.5"));
        Assert.That(files.Told, Does.Contain("This machine is not the boot server").And.Contain("./build.sh --target=Serve --site=example"));
        Assert.That(below.Told, Does.Contain("not what is below /srv/trial"));
        Assert.That(new[] { elsewhere.ExitCode, below.ExitCode }, Has.All.Not.Zero);
    }

    private async Task FailsAsync(params string[] words)
    {
        var (exitCode, told) = await _machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(exitCode, Is.Not.Zero, told);
        foreach (var word in words)
        {
            Assert.That(told, Does.Contain(word));
        }
    }

    // What a person writes, with ours beside it as the next publication puts it.
    private void Write(string place, string content)
    {
        File.WriteAllText(_machine.Root + place, content);
        new BootFilesWriter(BootFiles.Generate(_machine.Site(text => text), null)).WriteServerFiles(_machine.Root);
    }

    // It has read its directories already: what is not there when it is started is what it cannot give.
    private void RestartNfs() => Write(ServerPlaces.Ganesha, File.ReadAllText(_machine.Root + ServerPlaces.Ganesha) + "# changed\n");

    private static async Task FlipAsync(string file, int at)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
    }
}
