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

        foreach (var profile in site.Profiles)
        {
            var kernel = ProfileMenu.KernelFor(profile, profile.Flavour, generation, profile.Where);
            menus[$"{profile.Name}.conf"] = new BootText(ProfileMenu.Render(site, profile, kernel, generation));
        }

        foreach (var host in site.Hosts)
        {
            var profile = profiles[host.Profile];
            menus[$"{host.Name}.conf"] = host.Flavour is { } flavour && flavour != profile.Flavour
                ? new BootText(ProfileMenu.Render(site, profile, ProfileMenu.KernelFor(profile, flavour, generation, host.Where), generation))
                : new BootLink($"{profile.Name}.conf");
            menus[MacPath(host)] = new BootLink($"../{host.Name}.conf");
            if (site.Daily is not null)
            {
                menus[$"daily/{host.Name}.conf"] = new BootText(DailyMenu.Render(site, host.Name, profile, host.Dom0ByDefault));
                menus[$"daily/{MacPath(host)}"] = new BootLink($"../{host.Name}.conf");
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
                menus["daily/default.conf"] = new BootText(DailyMenu.Render(site, "default", profiles[name], dom0ByDefault: false));
            }
        }

        return menus.ToImmutable();
    }

    // As GRUB writes $net_default_mac: under UEFI it knows no name.
    private static string MacPath(BootHost host)
        => $"by-mac/{string.Join(':', host.Mac.GetAddressBytes().Select(b => b.ToString("x2")))}.conf";
}
