using System.Collections.Immutable;
using System.Net;
using System.Text.Json;

namespace Dom0Image.BootLab.Network;

/// <summary>Bytes of IP packets between the servers and one client.</summary>
/// <param name="TftpTo">TFTP, to the client.</param>
/// <param name="TftpFrom">TFTP, from the client.</param>
/// <param name="NfsTo">NFS, to the client.</param>
/// <param name="NfsFrom">NFS, from the client.</param>
internal sealed record TrafficCount(long TftpTo, long TftpFrom, long NfsTo, long NfsFrom)
{
    /// <summary>Nothing yet.</summary>
    public static TrafficCount None { get; } = new(0, 0, 0, 0);

    /// <summary>Reads the packet filter's own listing.</summary>
    internal static ImmutableDictionary<IPAddress, TrafficCount> Read(JsonDocument listing)
    {
        var counts = new Dictionary<IPAddress, TrafficCount>();
        foreach (var item in listing.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (!item.TryGetProperty("set", out var set) || !set.TryGetProperty("elem", out var elements))
            {
                continue;
            }

            foreach (var element in elements.EnumerateArray())
            {
                var entry = element.GetProperty("elem");
                var address = IPAddress.Parse(entry.GetProperty("val").GetString()!);
                var bytes = entry.GetProperty("counter").GetProperty("bytes").GetInt64();
                counts[address] = counts.GetValueOrDefault(address, None).With(set.GetProperty("name").GetString()!, bytes);
            }
        }

        return counts.ToImmutableDictionary();
    }

    private TrafficCount With(string set, long bytes) => set switch
    {
        "tftp_to" => this with { TftpTo = bytes },
        "tftp_from" => this with { TftpFrom = bytes },
        "nfs_to" => this with { NfsTo = bytes },
        "nfs_from" => this with { NfsFrom = bytes },
        _ => this,
    };
}
