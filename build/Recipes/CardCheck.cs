using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>What must hold of hosts' network cards.</summary>
internal static class CardCheck
{
    /// <summary>A card is one host's, and what says which one the root comes over says it once.</summary>
    public static IEnumerable<Diagnostic> Of(Fields f) => [.. Macs(f), .. Interfaces(f)];

    private static IEnumerable<Diagnostic> Macs(Fields f)
    {
        var owners = new Dictionary<MacAddress, string>();
        var texts = new HashSet<(string, string)>();
        foreach (var (host, text, where) in f.ItemsIn(SiteModel.Hosts, SiteModel.Macs))
        {
            if (MacAddress.Shape.Read(text).Value is not { } mac)
            {
                continue;
            }

            var owner = owners.GetValueOrDefault(mac);
            // A list tells itself of what is in it twice and written alike.
            if (texts.Add((host, text)) && owner is not null)
            {
                yield return new Diagnostic(owner == host ? $"this is a MAC address that host '{host}' has already" : $"this is the MAC address of host '{owner}'") { Where = where, Expected = "a NIC of its own" };
            }

            owners.TryAdd(mac, host);
        }
    }

    private static IEnumerable<Diagnostic> Interfaces(Fields f)
    {
        var profiles = f.Get(SiteModel.Profiles).DistinctBy(p => p.Name).ToDictionary(p => p.Name);
        foreach (var host in f.Get(SiteModel.Hosts).Where(h => h.Interface is not null))
        {
            if (profiles.TryGetValue(host.Profile, out var profile) && profile.KernelOptions.FirstOrDefault(o => $"{o}".StartsWith("ip=", StringComparison.Ordinal)) is { } option)
            {
                yield return new Diagnostic($"host '{host.Name}' names its interface, but its profile '{profile.Name}' says '{option}'")
                {
                    Where = f.WhereIn(SiteModel.Hosts, host.Name, SiteModel.Interface),
                    Expected = "one of both",
                };
            }
        }
    }
}
