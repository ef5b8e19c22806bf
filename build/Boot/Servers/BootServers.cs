using System.Collections.Immutable;
using Dom0Image.Boot.Dhcp;
using Dom0Image.Boot.Nfs;
using Dom0Image.Boot.Tftp;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Servers;

/// <summary>The servers of a boot server.</summary>
internal static class BootServers
{
    private static readonly Portmapper Portmapper = new();
    private static readonly TftpdHpa Tftpd = new();

    /// <summary>All, whichever a site runs.</summary>
    public static ImmutableArray<IBootServer> All { get; } = [.. DhcpServers.All, Tftpd, Portmapper, .. NfsServers.All];

    /// <summary>All that fail while the boot server's address is not there. The portmapper does not.</summary>
    public static IEnumerable<IBootServer> AtAddress => All.Where(server => server != Portmapper);

    /// <summary>Those of a site, in the order in which they are started.</summary>
    public static ImmutableArray<IBootServer> Of(Site site) => [Portmapper, NfsServers.Of(site), Tftpd, DhcpServers.Of(site)];

    /// <summary>Those that would answer in place of a site's: two cannot.</summary>
    public static ImmutableArray<IBootServer> Unwanted(Site site) => [.. NfsServers.All.Remove(NfsServers.Of(site)), .. DhcpServers.All.Remove(DhcpServers.Of(site))];

    /// <summary>Whose files a site has: both NFS servers', so that it can change over, and those of one DHCP server.</summary>
    public static IEnumerable<IBootServer> WithFiles(Site site) => All.Except(DhcpServers.All.Remove(DhcpServers.Of(site)));

    /// <summary>Those that read files for checks and run in labs, whichever NFS server a site runs; null for a site that says nothing.</summary>
    public static ImmutableArray<IBootServer> InLabs(Site? site) => [site is null ? DhcpServers.All[0] : DhcpServers.Of(site), Tftpd, NfsServers.All[0]];
}
