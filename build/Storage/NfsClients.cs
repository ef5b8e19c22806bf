using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Dom0Image.Recipes;

namespace Dom0Image.Storage;

/// <summary>
/// Clients that are connected to an NFS server of this machine. NFSv3 has no other sign of life, and a client that asked for
/// nothing in five minutes has closed its connection. <c>dom0-present</c> in the images asks for something every two minutes;
/// one that runs from an older generation may be idle, and is then not among them.
/// </summary>
internal static class NfsClients
{
    private const int Port = 2049;

    /// <summary>Their addresses.</summary>
    public static ImmutableArray<IPAddress> Connected() =>
    [
        .. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Where(c => c.State == TcpState.Established && c.LocalEndPoint.Port == Port)
            .Select(c => c.RemoteEndPoint.Address.IsIPv4MappedToIPv6 ? c.RemoteEndPoint.Address.MapToIPv4() : c.RemoteEndPoint.Address)
            .Distinct()
            .OrderBy(a => $"{a}", StringComparer.Ordinal),
    ];

    /// <summary>Whether an NFS server is there to be asked.</summary>
    public static bool IsServed() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == Port);

    /// <summary>Addresses with the names that the site gives them.</summary>
    public static string Names(Site site, ImmutableArray<IPAddress> clients)
        => string.Join(", ", clients.Select(client => site.Hosts.FirstOrDefault(h => h.Address.Equals(client)) is { } host ? $"{host.Name} ({client})" : $"{client}"));
}
