namespace Dom0Image.Tests.ServerGuest;

/// <summary>The README's words on a fresh server, and what is left of them when it was switched off; see <see cref="PublishedServer"/>.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class FreshServerSpecs
{
    [TestCase("bookworm", "ganesha", Category = "Boots")]
    [TestCase("trixie", "ganesha", Category = "Long_fresh_server_13")]
    [TestCase("bookworm", "kernel", Category = "Long_fresh_server_kernel")]
    public async Task The_first_client_of_a_fresh_server_is_at_its_log_in_and_again_when_the_server_was_restarted(string suite, string nfsServer)
    {
        var server = await PublishedServer.GetAsync(suite, nfsServer);
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
    }
}
