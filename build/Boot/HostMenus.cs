using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>Which menus there are, and which host finds which.</summary>
internal static class HostMenus
{
    /// <summary>Menus and links, by path relative to the menus' directory.</summary>
    public static ImmutableSortedDictionary<string, BootFile> Generate(Site site, GenerationBoot generation)
    {
        var menus = ImmutableSortedDictionary.CreateBuilder<string, BootFile>(StringComparer.Ordinal);
        var profiles = site.Profiles.ToDictionary(p => p.Name);

        // A site can have tens of thousands of hosts, and few kinds of them: each text is put together once.
        var texts = new Dictionary<(string Profile, string? Flavour, string? Card), BootText>();
        var daily = new Dictionary<(string Profile, bool Dom0ByDefault), DailyMenu>();

        foreach (var profile in site.Profiles)
        {
            var kernel = ProfileMenu.KernelFor(profile, profile.Flavour, generation, profile.Where);
            menus[$"{profile.Name}.conf"] = new BootText(ProfileMenu.Render(site, profile, kernel, generation));
        }

        foreach (var host in site.Hosts)
        {
            var profile = profiles[host.Profile];
            var own = host.Flavour is { } other && other != profile.Flavour ? other : null;
            menus[$"{host.Name}.conf"] = own is not null || RootCard.Of(host) is not null
                ? Kept(texts, (profile.Name, own, RootCard.Of(host)), () => new BootText(ProfileMenu.Render(site, profile, ProfileMenu.KernelFor(profile, own ?? profile.Flavour, generation, host.Where), generation, host)))
                : new BootLink($"{profile.Name}.conf");
            if (site.Daily is not null)
            {
                menus[$"daily/{host.Name}.conf"] = new BootText(Kept(daily, (profile.Name, host.Dom0ByDefault), () => new DailyMenu(site, profile, host.Dom0ByDefault)).LeadingTo(host.Name));
            }

            foreach (var mac in host.Macs)
            {
                menus[MacPath(mac)] = new BootLink($"../{host.Name}.conf");
                if (site.Daily is not null)
                {
                    menus[$"daily/{MacPath(mac)}"] = new BootLink($"../{host.Name}.conf");
                }
            }
        }

        if (site.DefaultProfile is { } name)
        {
            if (name != "default")
            {
                menus["default.conf"] = new BootLink($"{name}.conf");
            }

            if (site.Daily is not null)
            {
                menus["daily/default.conf"] = new BootText(new DailyMenu(site, profiles[name], dom0ByDefault: false).LeadingTo("default"));
            }
        }

        return menus.ToImmutable();
    }

    private static TValue Kept<TKey, TValue>(Dictionary<TKey, TValue> kept, TKey key, Func<TValue> make)
        where TKey : notnull
    {
        if (!kept.TryGetValue(key, out var value))
        {
            kept.Add(key, value = make());
        }

        return value;
    }

    // As GRUB writes $net_default_mac: under UEFI it knows no name.
    private static string MacPath(MacAddress mac) => $"by-mac/{mac}.conf";
}
