using System.Net;
using Dom0Image.Boot;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Boot;

/// <summary>Debian's own init script starts the real dhcpd with the generated files, on a machine with two networks.</summary>
[Category("Integration")]
internal sealed class DhcpdDefaultsSpecs
{
    // $1 directory with the files; the rest, addresses of br0, br1 and so on. Prints what the script says, what runs and what it listens on.
    private const string Start =
        """
        mount --bind "$1/etc/default/isc-dhcp-server" /etc/default/isc-dhcp-server
        mount --bind "$1/etc/dhcp/dhcpd.conf" /etc/dhcp/dhcpd.conf
        for place in /run /var/lib/dhcp; do mount -t tmpfs tmpfs "$place"; done
        shift
        index=0
        for address in "$@"; do
          ip link add "br$index" type bridge
          ip address add "$address" dev "br$index"
          ip link set "br$index" up
          index=$((index + 1))
        done
        /etc/init.d/isc-dhcp-server start 2>&1 || echo "failed"
        for pid in $(pidof dhcpd); do tr '\0' ' ' < "/proc/$pid/cmdline"; echo; done
        cat /proc/net/udp6
        """;

    private Workshop _workshop = null!;

    [SetUp]
    public void Open() => _workshop = new Workshop();

    [TearDown]
    public void Close() => _workshop.Dispose();

    [TestCase("192.168.0.5", "br0", "192.168.0.5/24", "10.0.0.5/24")]
    [TestCase("192.168.0.5", "br1", "10.0.0.5/24", "192.168.0.5/24")]
    [TestCase("10.0.0.5", "br1", "172.16.0.5/24", "10.0.0.5/24", TestName = "I_get_dhcpd_on_the_interface_of_a_boot_server_that_is_in_no_subnet")]
    public async Task I_get_dhcpd_on_the_interface_that_has_the_subnet_and_none_for_IPv6(string server, string expected, params string[] addresses)
    {
        var told = await StartAsync(server, addresses);

        Assert.That(told.Split('\n').Where(l => l.StartsWith("/usr/sbin/dhcpd", StringComparison.Ordinal)).Select(l => l.TrimEnd()),
            Is.EqualTo(new[] { $"/usr/sbin/dhcpd -4 -q -cf /etc/dhcp/dhcpd.conf {expected}" }), told);
        Assert.That(told, Does.Not.Contain(":0223 "), "the port of DHCPv6");
    }

    [Test]
    public async Task I_get_no_dhcpd_at_all_where_no_interface_has_the_subnet_and_am_told_why()
    {
        var told = await StartAsync("192.168.0.5", "10.0.0.5/24");

        Assert.That(told, Does.Contain("no-interface-has-an-address-of-192.168.0.0/24").And.Contain("failed").And.Not.Contain("/usr/sbin/dhcpd -"));
    }

    private async Task<string> StartAsync(string server, params string[] addresses)
    {
        new BootFilesWriter(Sites.Files(Sites.OneServer() with { BootServer = IPAddress.Parse(server) })).WriteServerFiles(_workshop.Root);
        var command = IsolatedScript.CommandWithoutNetwork(Start, [_workshop.Root, .. addresses]);
        return (await _workshop.Context.RunAsync(command)).Output;
    }
}
