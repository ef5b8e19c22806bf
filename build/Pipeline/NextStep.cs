using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>What an administrator does after a publication.</summary>
public static class NextStep
{
    private static readonly (string Place, string Command)[] Readers =
    [
        (ServerPlaces.Dhcpd, "systemctl restart isc-dhcp-server"),
        (ServerPlaces.Tftpd, "systemctl restart tftpd-hpa"),
        (ServerPlaces.Exports, "exportfs -ra (kernel's NFS server)"),
        (ServerPlaces.Ganesha, "systemctl restart nfs-ganesha"),
    ];

    /// <summary>The sentences for the summary; null when nothing changed.</summary>
    /// <param name="places">Where it was published.</param>
    /// <param name="site">The site.</param>
    /// <param name="generation">What hosts boot now; null for none.</param>
    /// <param name="changed">Places that changed.</param>
    public static string? After(Places places, Site site, string? generation, ImmutableArray<string> changed)
    {
        if (places.Prefix.Length > 0)
        {
            return generation is null
                ? $"the servers' files are below {places.Prefix}; nothing outside it was touched."
                : $"generation {generation} is published below {places.Prefix}; nothing outside it was touched. To serve it, publish without --prefix on the boot server {site.BootServer}.";
        }

        if (changed.IsEmpty)
        {
            return null;
        }

        string[] commands = [.. Readers.Where(reader => changed.Contains(reader.Place)).Select(reader => reader.Command)];
        var servers = commands.Length > 0
            ? $"on {site.BootServer} have those servers that you run read their new files: {string.Join("; ", commands)}."
            : "no server has to read anything anew.";
        return generation is null ? servers : $"{servers} Hosts that boot from now on get {generation}; boot one to see ({Example(site)}).";
    }

    private static string Example(Site site) => site.Hosts.IsEmpty ? "any in the subnet" : site.Hosts[0].Name;
}
