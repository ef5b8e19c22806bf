using Dom0Image.Boot.Nfs;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>The README's words on a fresh server, and what is left of them when it was switched off; see <see cref="PublishedServer"/>.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class FreshServerSpecs
{
    // Programs that listen at any address but the server's and its own; of udp and tcp, each with who listens.
    private const string ListenAtAll = """
        ss -Hlntup >/run/listening
        grep -q 192.168.0.5:111 /run/listening
        awk '$5 !~ /^(\[::ffff:)?(192\.168\.0\.5|127\.0\.0\.1)\]?:/ && $5 !~ /^\[::1\]:/' /run/listening |
            sed 's/.*users:(("\([^"]*\)".*/\1/; t; s/.*/the kernel/' | sort -u
        """;

    // DHCP answers who has no address yet, on the one interface that its file names. The administrator's guide says so of the others; the
    // kernel's is lockd.
    private static readonly string[] KnowNoAddress = ["dhcpd", "rpc.statd", "rpc.mountd", "sshd", "the kernel"];

    // Neither is an image that is missing mounted, nor does ganesha start where something is not mounted.
    private const string NothingMounted = """
        systemctl stop nfs-ganesha
        umount /opt/ondemand/generations
        mv /var/lib/dom0image/storage/generations.img /var/lib/dom0image/storage/away.img
        if systemctl start nfs-ganesha; then exit 1; fi
        test "$(systemctl is-active nfs-ganesha)" != active
        mv /var/lib/dom0image/storage/away.img /var/lib/dom0image/storage/generations.img
        systemctl start nfs-ganesha
        mountpoint /opt/ondemand/generations
        """;

    [TestCase("bookworm", "ganesha", Category = "Boots")]
    [TestCase("trixie", "ganesha", Category = "Long_fresh_server_13")]
    [TestCase("bookworm", "kernel", Category = "Long_fresh_server_kernel")]
    public async Task The_first_client_of_a_fresh_server_is_at_its_log_in_and_again_when_the_server_was_restarted(string suite, string nfsServer)
    {
        var server = await PublishedServer.GetAsync(suite, nfsServer);
        Assert.That(server.Build, Does.Contain("--target=Serve"), "it says what comes next");
        Assert.That(server.Serve, Does.Contain("Next: boot post01: it gets trixie-"));
        await using var lab = await GuestLab.StartAsync(clients: 1);
        await using var guest = await server.SwitchOnAsync(lab);
        // A card that comes late and takes its time to come up: systemd, and ifupdown, count the network as up before.
        await guest.ScriptAsync(
            """
            echo 'ACTION=="add", SUBSYSTEM=="net", KERNEL!="lo", PROGRAM="/bin/sleep 10"' >/etc/udev/rules.d/99-late-card.rules
            sed -i 's/^iface \([^l].*\|l[^o].*\)/&\n    pre-up sleep 15/' /etc/network/interfaces
            grep -q pre-up /etc/network/interfaces
            """);
        await guest.RebootAsync();
        await guest.TryAsync("systemctl", "is-system-running", "--wait");

        Assert.That(await guest.RunAsync("systemctl", "--failed", "--no-legend", "--plain"), Is.Empty);
        await PublishedServer.BootClientAsync(lab, guest);
        Assert.That((await guest.ScriptAsync(ListenAtAll)).Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.SubsetOf(KnowNoAddress));
        await ReadAgainAsync(guest, nfsServer == "ganesha" ? Ganesha.Exports : KernelNfs.Exports);
        if (nfsServer == "ganesha")
        {
            await guest.ScriptAsync(NothingMounted);
        }
    }

    private static async Task ReadAgainAsync(GuestMachine guest, string exports)
    {
        await guest.ScriptAsync($"echo '# changed' >>{exports}");

        var first = (await PublishedServer.BuildAsync(guest, "--target=Serve", "--yes")).Succeeded();
        var second = (await PublishedServer.BuildAsync(guest, "--target=Serve", "--yes")).Succeeded();

        Assert.That(first, Does.Contain($"read {exports} again, which ends no client").And.Contain("1 to see to"));
        Assert.That(second, Does.Contain("all run"));
    }
}
