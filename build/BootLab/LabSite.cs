using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab;

/// <summary>
/// A site as a scenario boots it: the same servers, subnets, profiles and hosts, with what a test needs beside them: a
/// serial line on every profile, short menus, a password that is known, and hosts enough.
/// </summary>
/// <param name="Site">The derived site; server files and menus are generated from it as from any other.</param>
/// <param name="Hosts">Those of its hosts that are switched on.</param>
/// <param name="PrefixLength">Length of their subnet's prefix.</param>
public sealed record LabSite(Site Site, ImmutableArray<BootHost> Hosts, int PrefixLength)
{
    private const string Serial = "0,115200";
    private const int SecondsToType = 6;

    /// <summary>Derives the site for a scenario.</summary>
    /// <exception cref="BuildFailedException">The site has no subnet that holds its boot server and room for clients, or no profile that fits.</exception>
    public static LabSite For(Site site, BootScenario scenario)
    {
        var subnet = site.Subnets.FirstOrDefault(s => s.Network.Contains(site.BootServer))
            ?? throw Problem(site, $"no subnet holds the boot server {site.BootServer}, so a boot test cannot reach it", "a subnet that holds it");
        var profiles = Profiles(site, scenario, out var profile);
        var free = new FreeAddresses(site, subnet);
        ImmutableArray<BootHost> chosen =
        [
            .. site.Hosts
                .Where(h => subnet.Network.Contains(h.Address))
                .OrderByDescending(h => h.Profile == profile.Name)
                .Take(scenario.Clients)
                .Select(h => h with { Profile = profile.Name, Flavour = h.Profile == profile.Name ? h.Flavour : null, Dom0ByDefault = false }),
        ];
        ImmutableArray<BootHost> hosts =
            [.. chosen, .. Enumerable.Range(1, scenario.Clients - chosen.Length).Select(n => Extra(n, free.Take(), profile.Name))];
        return new LabSite(
            site with
            {
                Profiles = profiles,
                Hosts = [.. hosts, .. site.Hosts.Where(h => hosts.All(c => c.Name != h.Name))],
                MenuPasswordHash = LabLogin.MenuHash(),
                MenuTimeout = scenario.ThroughDailyMenu ? SecondsToType : 1,
                Daily = scenario.ThroughDailyMenu
                    ? site.Daily ?? new DailyServer(free.Take(), "Terminal", "/kernel/terminal", null, "root=/dev/ram0")
                    : null,
            },
            hosts,
            subnet.Network.PrefixLength);
    }

    /// <summary>Title of the menu entry that boots a host's profile.</summary>
    public string TitleOf(BootHost host) => Site.Profiles.Single(p => p.Name == host.Profile).Title;

    /// <summary>Addresses that the lab's servers answer at, the boot server's first.</summary>
    public ImmutableArray<(IPAddress Address, int PrefixLength)> Addresses
        => Site.Daily is { } daily && !daily.Address.Equals(Site.BootServer)
            ? [(Site.BootServer, PrefixLength), (daily.Address, PrefixLength)]
            : [(Site.BootServer, PrefixLength)];

    private static ImmutableArray<BootProfile> Profiles(Site site, BootScenario scenario, out BootProfile chosen)
    {
        var found = site.Profiles.FirstOrDefault(p => scenario.Profile is { } name ? p.Name == name : p.Xen == scenario.Xen);
        if (found is null && (scenario.Profile is not null || scenario.Xen))
        {
            throw Problem(site, $"no profile {scenario.Profile ?? "boots under Xen"}", "one that the boot test can use");
        }

        chosen = found ?? new BootProfile("boot-test-plain", "Linux without Xen", null, Xen: false, null, [], []);
        return [.. site.Profiles.Concat(found is null ? [chosen] : []).Select(p => p with { Serial = Serial })];
    }

    private static BootHost Extra(int number, IPAddress address, string profile)
        => new($"boot-test-{number}", new PhysicalAddress([0x52, 0x54, 0x00, 0xb0, 0x07, (byte)number]), address, profile);

    private static BuildFailedException Problem(Site site, string what, string expected)
        => new(new Diagnostic(what) { Where = new SourceLocation(site.File), Expected = expected });

    private sealed class FreeAddresses(Site site, Subnet subnet)
    {
        private readonly HashSet<IPAddress> _used =
        [
            site.BootServer, .. site.Hosts.Select(h => h.Address), .. subnet.NameServers,
            .. subnet.Router is { } router ? [router] : Array.Empty<IPAddress>(),
            .. site.Daily is { } daily ? [daily.Address] : Array.Empty<IPAddress>(),
        ];

        private uint _next = Number(subnet.Network.BaseAddress) + 1;

        public IPAddress Take()
        {
            for (; ; _next++)
            {
                var address = Address(_next);
                if (!subnet.Network.Contains(Address(_next + 1)))
                {
                    throw Problem(site, $"subnet {subnet.Network} has no free address for the boot test's clients", "some");
                }

                if (!InRange(_next) && _used.Add(address))
                {
                    return address;
                }
            }
        }

        private bool InRange(uint number)
            => subnet.Range is { } range && number >= Number(range.First) && number <= Number(range.Last);

        private static uint Number(IPAddress address)
            => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

        private static IPAddress Address(uint number) => new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
    }
}
