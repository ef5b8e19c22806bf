using System.Collections.Immutable;
using System.Net;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>What must hold between the parts of a site.</summary>
internal static class SiteCheck
{
    // The menu that GRUB takes where there is none of the host's name is named so.
    private const string OfUnlistedHosts = "default";

    /// <summary>A subnet on its own.</summary>
    public static IEnumerable<Diagnostic> Subnet(Fields f)
    {
        if (!f.HasValue(SiteModel.Network))
        {
            yield break;
        }

        var network = f.Get(SiteModel.Network);
        if (f.Get(SiteModel.Router) is { } router && !Ipv4.IsHostOf(network, router))
        {
            yield return new Diagnostic($"the router {router} is outside {network}") { Where = f.WhereOf(SiteModel.Router), Expected = InNetwork(network) };
        }

        if (f.Get(SiteModel.Range) is { } range && !(Ipv4.IsHostOf(network, range.First) && Ipv4.IsHostOf(network, range.Last)))
        {
            yield return new Diagnostic($"the range {range.First}-{range.Last} is outside {network}") { Where = f.WhereOf(SiteModel.Range), Expected = InNetwork(network) };
        }
    }

    /// <summary>The whole site.</summary>
    public static IEnumerable<Diagnostic> Site(Fields f) => [.. Subnets(f), .. Servers(f), .. Names(f), .. Addresses(f), .. CardCheck.Of(f)];

    private static IEnumerable<Diagnostic> Subnets(Fields f)
    {
        var subnets = f.Get(SiteModel.Subnets);
        for (var i = 0; i < subnets.Length; i++)
        {
            foreach (var other in subnets.Take(i).Where(o => o.Network.Contains(subnets[i].Network.BaseAddress) || subnets[i].Network.Contains(o.Network.BaseAddress)))
            {
                yield return new Diagnostic($"subnets {other.Network} and {subnets[i].Network} overlap") { Where = f.WhereOf(SiteModel.Subnets), Expected = "subnets without common addresses" };
            }
        }
    }

    private static IEnumerable<Diagnostic> Servers(Fields f)
    {
        if (f.HasValue(SiteModel.BootServer))
        {
            var server = f.Get(SiteModel.BootServer);
            foreach (var subnet in f.Get(SiteModel.Subnets))
            {
                if (subnet.Network.Contains(server) && !Ipv4.IsHostOf(subnet.Network, server))
                {
                    yield return new Diagnostic($"{server} names the subnet {subnet.Network} or all of its hosts") { Where = f.WhereOf(SiteModel.BootServer), Expected = InNetwork(subnet.Network) };
                }
                else if (!subnet.Network.Contains(server) && subnet.Router is null)
                {
                    yield return new Diagnostic($"hosts of {subnet.Network} cannot reach the boot server {server}") { Where = f.WhereOf(SiteModel.Subnets), Expected = "a 'router' for the subnet, or a boot server inside it" };
                }
            }
        }

        if (f.Get(SiteModel.Daily) is { } daily)
        {
            foreach (var subnet in f.Get(SiteModel.Subnets).Where(s => !s.Network.Contains(daily.Address) && s.Router is null))
            {
                yield return new Diagnostic($"hosts of {subnet.Network} cannot reach the daily server {daily.Address}") { Where = f.WhereOf(SiteModel.Subnets), Expected = "a 'router' for the subnet, or a daily server inside it" };
            }
        }

        foreach (var host in f.Get(SiteModel.Hosts).Where(h => h.Dom0ByDefault && !f.Has(SiteModel.Daily)))
        {
            yield return new Diagnostic($"host '{host.Name}' says 'dom0-by-default', but there is no daily server") { Where = f.WhereIn(SiteModel.Hosts, host.Name, SiteModel.Dom0ByDefault), Hint = "Leave it out: every listed host boots its profile." };
        }
    }

    private static IEnumerable<Diagnostic> Names(Fields f)
    {
        // The names as written: a profile that is wrong in itself is told once, there.
        var profiles = f.NamesIn(SiteModel.Profiles).ToHashSet();
        if (f.Get(SiteModel.DefaultProfile) is { } byDefault && !profiles.Contains(byDefault))
        {
            yield return NoProfile(byDefault, profiles) with { Where = f.WhereOf(SiteModel.DefaultProfile) };
        }

        if (f.HasValue(SiteModel.DefaultProfile) && f.IsWhole(SiteModel.Subnets) && f.Get(SiteModel.Subnets).All(s => s.Range is null))
        {
            yield return new Diagnostic("hosts that are not listed would be offered a menu, but no subnet has an address for them")
            {
                Where = f.WhereOf(SiteModel.DefaultProfile),
                Expected = "a 'range' in a subnet, or no 'default-profile'",
            };
        }

        foreach (var (_, profile, where) in f.TextsIn(SiteModel.Hosts, SiteModel.HostProfile).Where(t => !profiles.Contains(t.Text)))
        {
            yield return NoProfile(profile, profiles) with { Where = where };
        }

        // Menus of hosts, of profiles and of unlisted hosts are files in one directory.
        foreach (var (host, where) in f.KeysIn(SiteModel.Hosts))
        {
            if (host == OfUnlistedHosts)
            {
                yield return new Diagnostic($"a host cannot be named '{host}'") { Where = where, Expected = "another name: the menu of hosts that are not listed has it" };
            }
            else if (profiles.Contains(host))
            {
                yield return new Diagnostic($"'{host}' is the name of a host and of a profile") { Where = where, Expected = "different names: both name a menu's file" };
            }
        }

        var othersByDefault = f.Get(SiteModel.DefaultProfile) is not OfUnlistedHosts && f.Has(SiteModel.DefaultProfile) == f.HasValue(SiteModel.DefaultProfile);
        foreach (var (_, where) in f.KeysIn(SiteModel.Profiles).Where(p => p.Name == OfUnlistedHosts && othersByDefault))
        {
            yield return new Diagnostic($"hosts that are not listed would boot a profile named '{OfUnlistedHosts}', but it is not the default profile")
            {
                Where = where,
                Expected = $"another name for it, or 'default-profile: {OfUnlistedHosts}'",
            };
        }
    }

    private static IEnumerable<Diagnostic> Ranges(ImmutableArray<Subnet> subnets, IReadOnlyDictionary<IPAddress, string> taken)
        => from subnet in subnets
           where subnet.Range is not null
           let range = subnet.Range!
           from address in taken
           where range.Contains(address.Key)
           orderby Ipv4.Number(address.Key)
           select new Diagnostic($"the range {range.First}-{range.Last} holds {address.Key}, the address of {address.Value}")
           {
               Where = subnet.RangeWhere,
               Expected = "a range without it: DHCP gives its addresses to any host that is not listed",
           };

    private static IEnumerable<Diagnostic> Addresses(Fields f)
    {
        var hosts = f.Get(SiteModel.Hosts);
        var subnets = f.Get(SiteModel.Subnets);
        var taken = new Dictionary<IPAddress, string>();
        if (f.HasValue(SiteModel.BootServer))
        {
            taken[f.Get(SiteModel.BootServer)] = "the boot server";
        }

        if (f.Get(SiteModel.Daily) is { } daily)
        {
            taken[daily.Address] = "the daily server";
        }

        foreach (var router in subnets.Select(s => s.Router).OfType<IPAddress>())
        {
            taken[router] = "a router";
        }

        // A host may be a name server too.
        var servers = new Dictionary<IPAddress, string>(taken);
        foreach (var nameServer in subnets.SelectMany(s => s.NameServers))
        {
            servers.TryAdd(nameServer, "a name server");
        }

        foreach (var problem in Ranges(subnets, servers))
        {
            yield return problem;
        }

        foreach (var host in hosts)
        {
            var where = f.WhereIn(SiteModel.Hosts, host.Name, SiteModel.HostAddress);
            if (taken.TryGetValue(host.Address, out var owner))
            {
                yield return new Diagnostic($"{host.Address} is the address of {owner}") { Where = where, Expected = "an address of its own" };
            }

            taken.TryAdd(host.Address, $"host '{host.Name}'");
            if (subnets.FirstOrDefault(s => s.Network.Contains(host.Address)) is { } subnet)
            {
                foreach (var problem in InSubnet(host.Address, subnet))
                {
                    yield return problem with { Where = where };
                }
            }
            else if (subnets.Length > 0)
            {
                yield return new Diagnostic($"{host.Address} is in no subnet") { Where = where, Expected = $"an address in {string.Join(" or ", subnets.Select(s => s.Network))}" };
            }
        }
    }

    private static Diagnostic NoProfile(string name, IEnumerable<string> profiles)
        => new($"there is no profile '{name}'") { Expected = $"one of {string.Join(", ", profiles.DefaultIfEmpty("(none)"))}", Hint = Nearest.Hint(name, profiles) };

    private static IEnumerable<Diagnostic> InSubnet(IPAddress address, Subnet subnet)
    {
        if (!Ipv4.IsHostOf(subnet.Network, address))
        {
            yield return new Diagnostic($"{address} names the subnet {subnet.Network} or all of its hosts") { Expected = InNetwork(subnet.Network) };
        }
        else if (subnet.Range is { } range && range.Contains(address))
        {
            yield return new Diagnostic($"{address} is in the range for hosts that are not listed") { Expected = $"an address outside {range.First}-{range.Last}" };
        }
    }

    private static string InNetwork(IPNetwork network) => $"an address of a host in {network}";
}
