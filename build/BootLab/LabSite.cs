using System.Collections.Immutable;
using System.Net;
using Dom0Image.BootLab.Clients;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab;

/// <summary>
/// A site as a scenario boots it: the same servers, subnets, profiles and hosts, with what a test needs beside them: a
/// serial line on every profile, short menus, a password that is known, and hosts enough.
/// </summary>
/// <param name="Site">The derived site; server files and menus are generated from it as from any other.</param>
/// <param name="Hosts">Those of its hosts that are switched on.</param>
/// <param name="Subnet">Their subnet: that of the boot server where it has room for them, else one with a router, whose part the lab plays.</param>
internal sealed record LabSite(Site Site, ImmutableArray<BootHost> Hosts, Subnet Subnet)
{
    private const int SecondsToType = 30;

    /// <summary>The serial line that clients talk on.</summary>
    internal static SerialLine SerialLine => SerialLine.Usual;

    /// <summary>Derives the site for a scenario.</summary>
    /// <exception cref="BuildFailedException">The site has no subnet that reaches its boot server and has room for clients, or no profile that fits.</exception>
    public static LabSite For(Site site, BootScenario scenario)
    {
        var profiles = Profiles(site, scenario, out var profile);
        var subnet = SubnetFor(site, scenario);
        var free = new Queue<IPAddress>(LabAddresses.Free(site, subnet).Take(scenario.Clients + 1));
        // The lab's clients have one card, whichever interface a host's own menu names. A scenario of UEFI was given a profile whose kernel can boot by it.
        var ownFlavours = scenario.Hardware.Firmware is Firmware.Bios;
        ImmutableArray<BootHost> chosen =
        [
            .. site.Hosts
                .Where(h => subnet.Network.Contains(h.Address))
                .OrderByDescending(h => h.Profile == profile.Name)
                .Take(scenario.Clients)
                .Select(h => h with { Profile = profile.Name, Flavour = h.Profile == profile.Name && ownFlavours ? h.Flavour : null, Dom0ByDefault = false, Interface = null }),
        ];
        ImmutableArray<BootHost> hosts =
            [.. chosen, .. Enumerable.Range(1, scenario.Clients - chosen.Length).Select(n => Extra(n, free.Dequeue(), profile.Name))];
        if (scenario.ThroughDailyMenu && hosts.Length > 1)
        {
            // One of several boots untouched; the others need the password.
            hosts = [.. hosts[..^1], hosts[^1] with { Dom0ByDefault = true }];
        }

        return new LabSite(
            site with
            {
                Profiles = profiles,
                Hosts = [.. hosts, .. site.Hosts.Where(h => hosts.All(c => c.Name != h.Name))],
                MenuPasswordHash = LabLogin.MenuHash(),
                MenuTimeout = scenario.ThroughDailyMenu ? SecondsToType : 1,
                Daily = scenario.ThroughDailyMenu
                    ? site.Daily ?? new DailyServer(free.Dequeue(), "Terminal", "/kernel/terminal", null, [BootOption.Parse("root=/dev/ram0")])
                    : null,
            },
            hosts,
            subnet);
    }

    /// <summary>Title of the menu entry that boots a host's profile.</summary>
    public string TitleOf(BootHost host) => ProfileOf(host).Title;

    public BootProfile ProfileOf(BootHost host) => Site.Profiles.Single(p => p.Name == host.Profile);

    /// <summary>
    /// Addresses that the lab answers at, the boot server's first: those of its servers, and the router's where a server is
    /// not in the clients' subnet. A server there has a prefix of 32 bits: it is reached through the router only.
    /// </summary>
    public ImmutableArray<(IPAddress Address, int PrefixLength)> Addresses
    {
        get
        {
            IPAddress[] servers = [.. new[] { Site.BootServer, Site.Daily?.Address }.OfType<IPAddress>().Distinct()];
            var routed = servers.Any(s => !Subnet.Network.Contains(s)) && Subnet.Router is not null && !servers.Contains(Subnet.Router);
            return
            [
                .. servers.Select(s => (s, Subnet.Network.Contains(s) ? Subnet.Network.PrefixLength : 32)),
                .. routed ? [(Subnet.Router!, Subnet.Network.PrefixLength)] : Array.Empty<(IPAddress, int)>(),
            ];
        }
    }

    /// <summary>The plain kernel's profile, for sites that have none.</summary>
    internal static BootProfile Plain { get; } = new("boot-test-plain", "Linux without Xen", null, Xen: false, null, [], []);

    private static Subnet SubnetFor(Site site, BootScenario scenario)
    {
        var own = site.Subnets.Where(s => s.Network.Contains(site.BootServer));
        Subnet[] reached = [.. own, .. site.Subnets.Except(own).Where(s => s.Router is not null)];
        if (reached.Length == 0)
        {
            throw Problem(site, $"no subnet holds the boot server {site.BootServer}, and none has a router to it, so a boot test cannot reach it", "a subnet that holds it, or a 'router' for one");
        }

        var daily = scenario.ThroughDailyMenu && site.Daily is null;
        if (reached.FirstOrDefault(s => LabAddresses.HaveRoom(site, s, scenario.Clients, daily ? 1 : 0)) is { } roomy)
        {
            return roomy;
        }

        // With one client there is no scenario that goes through the daily menu.
        var most = Enumerable.Range(1, scenario.Clients - 1).LastOrDefault(fewer => reached.Any(s => LabAddresses.HaveRoom(site, s, fewer, daily && fewer > 1 ? 1 : 0)));
        throw Problem(
            site,
            $"the boot test has no room for {scenario.Clients} client{(scenario.Clients > 1 ? "s" : "")}{(daily ? " and a daily server" : "")} in {string.Join(" or ", reached.Select(s => s.Network))}",
            "a subnet with more addresses that are nobody's and in no range",
            most > 0 ? $"--clients={most} asks for less" : null);
    }

    private static ImmutableArray<BootProfile> Profiles(Site site, BootScenario scenario, out BootProfile chosen)
    {
        var found = site.Profiles.FirstOrDefault(p => scenario.Profile is { } name ? p.Name == name : p.Xen == scenario.Xen);
        if (found is null && (scenario.Profile is not null || scenario.Xen))
        {
            throw Problem(site, $"no profile {scenario.Profile ?? "boots under Xen"}", "one that the boot test can use");
        }

        chosen = found ?? Plain;
        return [.. site.Profiles.Concat(found is null ? [chosen] : []).Select(p => p with { Serial = SerialLine })];
    }

    private static BootHost Extra(int number, IPAddress address, string profile)
        => new($"boot-test-{number}", MacAddress.Parse($"52:54:00:b0:07:{number:x2}"), address, profile);

    private static BuildFailedException Problem(Site site, string what, string expected, string? less = null)
        => new(new Diagnostic(what)
        {
            Where = new SourceLocation(site.File),
            Expected = expected,
            Hint = less is null ? "--boot-test=no leaves the boot test out." : $"{less}; --boot-test=no leaves the boot test out.",
        });
}
