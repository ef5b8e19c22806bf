using System.Net;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab;

/// <summary>Addresses of a subnet that a boot test may give to clients and servers of its own.</summary>
internal static class LabAddresses
{
    /// <summary>Addresses that are nobody's and in no range, the lowest first.</summary>
    public static IEnumerable<IPAddress> Free(Site site, Subnet subnet)
    {
        HashSet<IPAddress> used =
        [
            site.BootServer, .. site.Hosts.Select(h => h.Address), .. site.Subnets.SelectMany(s => s.NameServers),
            .. site.Subnets.Select(s => s.Router).Append(site.Daily?.Address).OfType<IPAddress>(),
        ];
        for (var number = Ipv4.Number(subnet.Network.BaseAddress) + 1; subnet.Network.Contains(Ipv4.Address(number + 1)); number++)
        {
            if (!InRange(subnet, number) && !used.Contains(Ipv4.Address(number)))
            {
                yield return Ipv4.Address(number);
            }
        }
    }

    /// <summary>Whether it has room for clients, its own hosts first, and for servers that the site does not have.</summary>
    public static bool HaveRoom(Site site, Subnet subnet, int clients, int servers)
    {
        var needed = Math.Max(0, clients - site.Hosts.Count(h => subnet.Network.Contains(h.Address))) + servers;
        return Free(site, subnet).Take(needed).Count() == needed;
    }

    private static bool InRange(Subnet subnet, uint number)
        => subnet.Range is { } range && range.Contains(Ipv4.Address(number));
}
