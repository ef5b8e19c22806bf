using Dom0Image.Boot.Dhcp;
using Dom0Image.Boot.Loaders;
using Dom0Image.Boot.Nfs;
using Dom0Image.Boot.Tftp;
using Dom0Image.Generations;

namespace Dom0Image.Tests.Serving;

/// <summary>What the real command tells of servers that do not serve; every fault is really there.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class ServedFaultSpecs : OnServerMachine
{
    [Test]
    public async Task I_am_told_of_a_loader_with_one_wrong_byte()
    {
        await FlipAsync(Machine.Root + $"{Places.Tftp}/{GrubBios.Loader.File}", 1000);

        await FailsAsync("byte 1000 of ", $"{Places.Tftp}/{GrubBios.Loader.File} is not as it was published: ./build.sh --target=BootFiles");
    }

    [TestCase("kernels/kernel-6.12-xen-pIV-rltk")]
    [TestCase("hypervisors/xen-4.20.gz")]
    public async Task I_am_told_of_a_kernel_or_hypervisor_with_one_wrong_byte(string file)
    {
        var path = $"{Machine.Root}{Places.TftpGenerations}/{Id}/{file}";
        await FlipAsync(path, 3);
        try
        {
            await FailsAsync($"{Places.TftpGenerations}/{Id}/{file} is not as it was published: sha256", "A generation is never edited");
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
        Write(TftpdHpa.Map, File.ReadAllText(Machine.Root + TftpdHpa.Map) + $"a {Path.GetFileName(file)}\n");

        await FailsAsync($"does not give tftp://192.168.0.5/generations/{Id}/{file}");
    }

    [Test]
    public async Task I_am_told_of_a_root_whose_files_the_NFS_server_does_not_give()
    {
        // Whoever is squashed can list directories, and cannot read what is root's alone. A server that is started knows no modes yet.
        var file = $"{Machine.Root}{Places.RootOf(Id)}/etc/fstab";
        Write(Ganesha.Exports, File.ReadAllText(Machine.Root + Ganesha.Exports).Replace("No_Root_Squash", "Root_Squash"));
        WriteAgain(Ganesha.Settings);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        try
        {
            await FailsAsync($"the NFS server does not give {Places.RootOf(Id)}/etc/fstab as it is on the disk");
        }
        finally
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    [Test]
    public Task I_am_told_of_a_root_without_a_file_to_read()
        => AwayAsync($"{Places.RootOf(Id)}/etc", () => FailsAsync("etc has no file that could be read by way of the NFS server", $"--target=Check --generation={Id}"));

    [Test]
    public async Task I_am_told_of_menus_that_are_not_those_of_the_site()
    {
        Machine.Site(text => text.Replace("menu-timeout: 2", "menu-timeout: 3"));

        await FailsAsync("the published menus are not those of site example", "./build.sh --target=BootFiles --site=example");
    }

    [Test]
    public Task I_am_told_of_images_that_are_not_there()
        => AwayAsync(Places.DomUImages, () => FailsAsync($"{Places.DomUImages} is not there", $"findmnt {Places.DomUImages}"));

    [Test]
    public async Task I_am_told_of_images_that_clients_cannot_mount()
    {
        var exports = File.ReadAllText(Machine.Root + Ganesha.Exports);
        var images = exports.IndexOf($"Path = {Places.DomUImages};", StringComparison.Ordinal);
        Write(Ganesha.Exports, exports[..images] + exports[images..].Replace("192.168.0.0/24", "10.0.0.0/8"));

        await FailsAsync($"does not let clients mount {Places.DomUImages}", "MNT3ERR_ACCES");
    }

    [Test]
    public async Task I_am_told_that_there_is_no_portmapper()
    {
        await Machine.RunAsync("service", "rpcbind", "stop");
        await Machine.WithoutAsync("/usr/sbin/rpcbind", () => FailsAsync("rpcbind: no portmapper listens on port 111"));
    }

    [Test]
    public async Task I_am_told_of_a_DHCP_server_that_runs_and_listens_nowhere()
    {
        // Told to listen at another port, in the one place where our file does not say it.
        await ServedAsync();
        await Machine.DoAsync("service", "isc-dhcp-server", "stop");
        await Machine.DoAsync("dhcpd", "-4", "-q", "-p", "6767", "-cf", IscDhcpServer.Conf, "-pf", "/var/run/dhcpd.pid", "br0");
        try
        {
            await Machine.WithoutAsync("/etc/init.d/isc-dhcp-server", () => FailsAsync("the DHCP server runs, but nothing listens on port 67"));
        }
        finally
        {
            await Machine.DoAsync("sh", "-c", "kill $(cat /var/run/dhcpd.pid)");
        }
    }

    [Test]
    public async Task I_am_told_that_a_TFTP_server_serves_another_directory()
    {
        Write(TftpdHpa.Defaults, $"TFTP_USERNAME=tftp\nTFTP_DIRECTORY=/srv/tftp\nTFTP_ADDRESS={ServerMachine.Address}:69\nTFTP_OPTIONS=--secure\n");

        await FailsAsync("does not give tftp://192.168.0.5/boot/grub/i386-pc/core.0: it has no such file", "serves /srv/tftp and not /tftpboot", "mv /etc/default/tftpd-hpa.dom0image /etc/default/tftpd-hpa");
    }

    [Test]
    public async Task I_am_told_of_a_root_that_is_not_exported()
    {
        Write(Ganesha.Exports, File.ReadAllText(Machine.Root + Ganesha.Exports).Replace("192.168.0.0/24", "10.0.0.0/8"));

        await FailsAsync($"does not let clients mount {Places.RootOf(Id)}", "MNT3ERR_ACCES", "mv /etc/ganesha/dom0image-exports.conf.dom0image /etc/ganesha/dom0image-exports.conf");
    }

    [Test]
    public async Task I_am_told_of_a_DHCP_server_that_somebody_started_with_another_file()
    {
        await ServedAsync();
        await Machine.DoAsync("service", "isc-dhcp-server", "stop");
        await Machine.DoAsync("cp", IscDhcpServer.Conf, "/tmp/other.conf");
        await Machine.DoAsync("dhcpd", "-4", "-q", "-cf", "/tmp/other.conf", "-pf", "/tmp/other.pid", "br0");
        try
        {
            await FailsAsync("reads /tmp/other.conf; expected /etc/dhcp/dhcpd.conf", $"kill {(await Machine.RunningAsync())["dhcpd"]}");
        }
        finally
        {
            await Machine.DoAsync("sh", "-c", "kill $(cat /tmp/other.pid)");
        }
    }

    [Test]
    public async Task I_am_told_why_a_server_does_not_start()
    {
        Write(IscDhcpServer.Conf, "subnet 192.168.0.0 netmask 255.255.255.0 { no-such-statement }\n");

        await FailsAsync("isc-dhcp-server: 'service isc-dhcp-server restart' failed", "no-such-statement", "mv /etc/dhcp/dhcpd.conf.dom0image /etc/dhcp/dhcpd.conf");
    }

    [Test]
    public async Task I_am_told_that_the_generations_are_not_mounted()
    {
        await Machine.DoAsync("mount", "-t", "tmpfs", "tmpfs", Places.Generations);
        try
        {
            var (exitCode, told) = await Machine.CommandAsync("--target=Serve", "--yes");

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(told, Does.Contain($"generation {Id}, which hosts boot, is not below {Places.Generations}").And.Contain($"findmnt {Places.Generations}"));
        }
        finally
        {
            await Machine.DoAsync("umount", Places.Generations);
        }
    }

    private async Task FailsAsync(params string[] words)
    {
        var (exitCode, told) = await Machine.CommandAsync("--target=Serve", "--yes");

        Assert.That(exitCode, Is.Not.Zero, told);
        foreach (var word in words)
        {
            Assert.That(told, Does.Contain(word));
        }
    }

    // What a server has that was started once: isc-dhcp-server's script makes its file of leases.
    private async Task ServedAsync()
    {
        var (exitCode, told) = await Machine.CommandAsync("--target=Serve", "--yes");
        Assert.That(exitCode, Is.Zero, told);
    }

    private void WriteAgain(string place) => Write(place, File.ReadAllText(Machine.Root + place) + "# changed\n");

    // The NFS server has read its directories already: what is not there when it is started is what it cannot give.
    private async Task AwayAsync(string directory, Func<Task> test)
    {
        var place = Machine.Root + directory;
        Directory.Move(place, place + "-away");
        WriteAgain(Ganesha.Settings);
        try
        {
            await test();
        }
        finally
        {
            Directory.Move(place + "-away", place);
        }
    }

    private static async Task FlipAsync(string file, int at)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
    }
}
