using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Serving;

/// <summary>Whether this machine is a site's boot server: it has the address.</summary>
internal static class BootServerMachine
{
    /// <summary>This machine's addresses, without those that lead nowhere else.</summary>
    public static ImmutableArray<IPAddress> Addresses =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a))
            .Order(Comparer<IPAddress>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"))),
    ];

    /// <summary>Whether it is.</summary>
    public static bool Is(Site site) => Addresses.Contains(site.BootServer);

    /// <summary>Stops where it is not, or where something else than what it serves is meant.</summary>
    /// <exception cref="BuildFailedException">Names the addresses that this machine has.</exception>
    public static void Require(Site site, Places places)
    {
        if (places.Prefix.Length > 0)
        {
            throw new BuildFailedException(new Diagnostic($"servers serve what is at the real places, and not what is below {places.Prefix}") { Hint = "Leave --prefix out." });
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new BuildFailedException(new Diagnostic("servers are started and stopped by root") { Hint = "Run it with sudo." });
        }

        var addresses = Addresses;
        if (!addresses.Contains(site.BootServer))
        {
            throw new BuildFailedException(new Diagnostic($"this machine is not the boot server of site {site.Name}: {site.BootServer} is on none of its interfaces")
            {
                Where = new SourceLocation(site.File),
                Expected = addresses.IsEmpty ? "an address: this machine has none" : $"one of its addresses: {string.Join(", ", addresses)}",
                Hint = "Run it on the boot server, give this machine the address, or set 'boot-server'.",
            });
        }
    }
}
