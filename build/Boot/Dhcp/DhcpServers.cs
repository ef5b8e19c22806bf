using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Dhcp;

/// <summary>The DHCP servers that there are. A second one needs a word of the site's, as NFS servers have.</summary>
internal static class DhcpServers
{
    public static ImmutableArray<IBootServer> All { get; } = [new IscDhcpServer()];

    /// <summary>The one that a site runs.</summary>
    public static IBootServer Of(Site site) => All[0];
}
