using System.Collections.Immutable;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.Recipes;

namespace Dom0Image.BootTesting;

/// <summary>Which scenarios the hosts of a site go through: what none of them does is not tested.</summary>
/// <param name="Scenarios">The scenarios, in their order.</param>
/// <param name="LeftOut">What is left out and why, a line for the user each.</param>
internal sealed record BootScenarioChoice(ImmutableArray<BootScenario> Scenarios, ImmutableArray<string> LeftOut)
{
    /// <summary>The one that says most: by BIOS, under Xen where hosts boot it, with the profile that most of them have.</summary>
    public BootScenario Quick => Scenarios.First(scenario => scenario.Hardware.Firmware is Firmware.Bios);

    /// <summary>Chooses.</summary>
    /// <param name="site">The site.</param>
    /// <param name="clients">How many clients boot at once in the last scenario.</param>
    /// <param name="hypervisor">Whether the generation has a hypervisor.</param>
    /// <param name="guest">Whether it has a kernel that can run as a guest.</param>
    /// <param name="bootsByUefi">Whether the kernel that a profile boots can be booted by UEFI.</param>
    public static BootScenarioChoice For(Site site, int clients, bool hypervisor, bool guest, Func<BootProfile, bool> bootsByUefi)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(bootsByUefi);
        var scenarios = ImmutableArray.CreateBuilder<BootScenario>();
        var leftOut = ImmutableArray.CreateBuilder<string>();
        var xen = site.Profiles.Any(p => p.Xen);
        if (hypervisor && !xen)
        {
            leftOut.Add($"the boot test leaves out Xen: no profile of site '{site.Name}' boots under it");
        }

        if (xen && guest && site.Images is ImagesExport.None)
        {
            leftOut.Add($"the boot test leaves out the example guest: site '{site.Name}' exports no images of domUs");
        }

        foreach (var scenario in Standard(clients, xen, guest && site.Images is not ImagesExport.None))
        {
            if (scenario.Hardware.Firmware is Firmware.Bios)
            {
                scenarios.Add(scenario with { Profile = MostUsed(site, scenario.Xen) });
                continue;
            }

            BootProfile[] profiles = [.. site.Profiles.Where(p => p.Xen == scenario.Xen).DefaultIfEmpty(LabSite.Plain)];
            if (profiles.FirstOrDefault(bootsByUefi) is { } profile)
            {
                scenarios.Add(profile == profiles[0] ? scenario : scenario with { Profile = profile.Name });
            }
            else
            {
                leftOut.Add($"the boot test leaves out '{scenario.Name}': no profile {(scenario.Xen ? "under" : "without")} Xen boots a kernel with EFI, so that its hosts have to start by BIOS");
            }
        }

        return new BootScenarioChoice(scenarios.ToImmutable(), leftOut.ToImmutable());
    }

    /// <summary>What is tested before a generation is published: every firmware, both kinds of kernel, each network card.</summary>
    /// <param name="clients">How many clients boot at once in the last scenario; it is left out for one.</param>
    /// <param name="xen">Whether hosts boot under Xen.</param>
    /// <param name="guest">Whether the generation has a kernel that can run as a guest.</param>
    public static ImmutableArray<BootScenario> Standard(int clients, bool xen, bool guest)
    {
        var bios = new ClientHardware(Firmware.Bios, NetworkCard.E1000);
        var other = bios with { Card = NetworkCard.Rtl8139 };
        BootScenario[] alone = xen
            ?
            [
                guest ? new("bios-xen-domu", bios, Xen: true) { DomU = true } : new("bios-xen", bios, Xen: true),
                new("uefi-xen", new ClientHardware(Firmware.Uefi, NetworkCard.Virtio), Xen: true),
                new("bios-plain", other, Xen: false),
            ]
            : [new("bios-plain", other, Xen: false), new("uefi-plain", new ClientHardware(Firmware.Uefi, NetworkCard.Virtio), Xen: false)];
        BootScenario[] together = clients > 1
            ? [new($"bios-{(xen ? "xen" : "plain")}-{clients}-clients", bios, xen) { Clients = clients, ThroughDailyMenu = true }]
            : [];
        return [.. alone, .. together];
    }

    // Null where it is the first anyway, and where the site has none.
    private static string? MostUsed(Site site, bool xen)
    {
        BootProfile[] profiles = [.. site.Profiles.Where(p => p.Xen == xen)];
        return profiles.MaxBy(profile => site.Hosts.Count(host => host.Profile == profile.Name)) is { } most && most != profiles[0] ? most.Name : null;
    }
}
