using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Serving.Servers;

/// <summary>
/// What isc-dhcp-server has lent, by its file of leases. How many hosts a site does not list, nobody knows; but that a range has
/// nothing left for the next one, its server does, and tells nobody but its log.
/// </summary>
internal static partial class LentAddresses
{
    /// <summary>Where the server keeps its leases, if its command line does not say.</summary>
    public const string DefaultFile = "/var/lib/dhcp/dhcpd.leases";

    /// <summary>The ranges that have no address left.</summary>
    /// <param name="site">The site.</param>
    /// <param name="leases">The file's text.</param>
    /// <param name="now">In UTC.</param>
    public static IEnumerable<Diagnostic> FullRanges(Site site, string leases, DateTime now)
    {
        var lent = Now(leases, now);
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

    // What is said last of an address holds.
    private static ImmutableHashSet<IPAddress> Now(string leases, DateTime now)
        => [.. Lease().Matches(leases)
            .GroupBy(m => m.Groups["address"].Value, m => m.Groups["body"].Value)
            .Where(l => IsActive(l.Last(), now))
            .Select(l => IPAddress.Parse(l.Key))];

    private static bool IsActive(string body, DateTime now)
        => body.Contains("\n  binding state active;", StringComparison.Ordinal)
            && Ends().Match(body) is { Success: true } ends
            && (ends.Groups["time"] is not { Success: true } time
                || DateTime.ParseExact(time.Value, "yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) > now);

    [GeneratedRegex(@"^lease (?<address>[0-9.]+) \{(?<body>.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Lease();

    // The day of the week stands before the date.
    [GeneratedRegex(@"\n  ends (never|[0-6] (?<time>[0-9/]+ [0-9:]+));")]
    private static partial Regex Ends();
}
