using System.Collections.Immutable;
using System.Net;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Dhcp;

/// <summary>
/// What a DHCP server has lent. How many hosts a site does not list, nobody knows; but that a range has nothing left for the next
/// one, its server does, and tells nobody but its log.
/// </summary>
internal static class LentAddresses
{
    /// <summary>The ranges that have no address left.</summary>
    /// <param name="site">The site.</param>
    /// <param name="lent">What is lent now.</param>
    public static IEnumerable<Diagnostic> FullRanges(Site site, ImmutableHashSet<IPAddress> lent)
    {
        foreach (var subnet in site.Subnets)
        {
            if (subnet.Range is { } range && Ipv4.Number(range.Last) - Ipv4.Number(range.First) is var others
                && lent.LongCount(range.Contains) is var count && count > others)
            {
                yield return new Diagnostic($"all {count} addresses of the range {range.First}-{range.Last} are lent: the next host that is not listed gets none")
                {
                    Where = subnet.RangeWhere,
                    Expected = "a range with more addresses than there are hosts that are not listed, or those hosts under 'hosts'",
                };
            }
        }
    }
}
