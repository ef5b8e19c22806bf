using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Dom0Image.Processes;

namespace Dom0Image.BootLab.Network;

/// <summary>
/// The only network that a boot test has: a bridge with the boot server's address and one tap for each client. It has
/// no way out. What passes is counted per client and protocol by the kernel's packet filter.
/// </summary>
internal sealed class LabNetwork
{
    /// <summary>The bridge's name inside the namespace.</summary>
    public const string Bridge = "br0";

    /// <summary>The other network's bridge, where there is one.</summary>
    public const string OtherBridge = "br1";

    private readonly LabNamespace _inside;

    private LabNetwork(LabNamespace inside) => _inside = inside;

    /// <summary>Makes the bridge, the taps and the counters.</summary>
    /// <param name="inside">Where.</param>
    /// <param name="addresses">The servers' addresses with the length of their network's prefix; 32 for one that clients reach through a router.</param>
    /// <param name="clients">Number of taps.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <param name="other">The router's address on another network, on which each client's second card is; null for none.</param>
    public static async Task<LabNetwork> CreateAsync(
        LabNamespace inside, ImmutableArray<(IPAddress Address, int PrefixLength)> addresses, int clients, CancellationToken cancellation, (IPAddress Address, int PrefixLength)? other = null)
    {
        var lines = new List<string>
        {
            "link set lo up",
            // Forwarding at once, or DHCP's first tries are lost.
            $"link add {Bridge} type bridge forward_delay 0 stp_state 0",
        };
        // One that clients reach through the router only is beside the bridge: dhcpd takes a card's networks for one.
        lines.AddRange(addresses.Select(a => $"address add {a.Address}/{a.PrefixLength} dev {(a.PrefixLength == 32 ? "lo" : Bridge)}"));
        lines.Add($"link set {Bridge} up");
        foreach (var index in Enumerable.Range(0, clients))
        {
            lines.Add($"tuntap add {TapOf(index)} mode tap");
            lines.Add($"link set {TapOf(index)} master {Bridge}");
            lines.Add($"link set {TapOf(index)} up");
        }

        if (other is { } router)
        {
            lines.AddRange(
            [
                $"link add {OtherBridge} type bridge forward_delay 0 stp_state 0",
                $"address add {router.Address}/{router.PrefixLength} dev {OtherBridge}",
                $"link set {OtherBridge} up",
                .. Enumerable.Range(0, clients).SelectMany(index => new[] { $"tuntap add {OtherTapOf(index)} mode tap", $"link set {OtherTapOf(index)} master {OtherBridge} up" }),
            ]);
        }

        await inside.RunAsync(new ToolCommand("ip", "-batch", "-") { StandardInput = string.Join('\n', lines) + "\n" }, cancellation).ConfigureAwait(false);
        await inside.RunAsync(new ToolCommand("nft", "-f", "-") { StandardInput = CounterRules }, cancellation).ConfigureAwait(false);
        return new LabNetwork(inside);
    }

    /// <summary>Name of a client's tap.</summary>
    /// <param name="client">From 0.</param>
    public static string TapOf(int client) => string.Create(CultureInfo.InvariantCulture, $"tap{client}");

    /// <summary>Name of the tap of a client's second card.</summary>
    /// <param name="client">From 0.</param>
    public static string OtherTapOf(int client) => string.Create(CultureInfo.InvariantCulture, $"other{client}");

    /// <summary>What has passed between the servers and each client's address so far.</summary>
    public async Task<ImmutableDictionary<IPAddress, TrafficCount>> CountAsync(CancellationToken cancellation)
    {
        var listed = await _inside.RunAsync(new ToolCommand("nft", "-j", "list", "table", "inet", "lab"), cancellation).ConfigureAwait(false);
        using var counters = JsonDocument.Parse(listed.Output);
        return TrafficCount.Read(counters);
    }

    // TFTP's data come from a port of their own for each file; what is UDP and not a service that we know is TFTP.
    private const string CounterRules = """
        table inet lab {
          set tftp_to { type ipv4_addr; flags dynamic; counter; }
          set tftp_from { type ipv4_addr; flags dynamic; counter; }
          set nfs_to { type ipv4_addr; flags dynamic; counter; }
          set nfs_from { type ipv4_addr; flags dynamic; counter; }
          chain to_clients {
            type filter hook output priority 0;
            tcp sport 2049 update @nfs_to { ip daddr }
            udp sport != { 53, 67, 68, 111, 2049 } udp dport != { 53, 67, 68, 111, 2049 } update @tftp_to { ip daddr }
          }
          chain from_clients {
            type filter hook input priority 0;
            tcp dport 2049 update @nfs_from { ip saddr }
            udp sport != { 53, 67, 68, 111, 2049 } udp dport != { 53, 67, 68, 111, 2049 } update @tftp_from { ip saddr }
          }
        }

        """;
}
