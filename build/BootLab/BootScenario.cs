using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;

namespace Dom0Image.BootLab;

/// <summary>One way to boot that is tested.</summary>
/// <param name="Name">For reports and file names.</param>
/// <param name="Hardware">What the clients are made of.</param>
/// <param name="Xen">Whether they boot a profile under Xen, or the plain kernel.</param>
internal sealed record BootScenario(string Name, ClientHardware Hardware, bool Xen)
{
    /// <summary>How many clients boot at once.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>Whether a guest is started on the first client and stopped again. Only under Xen.</summary>
    public bool DomU { get; init; }

    /// <summary>Whether they go through the daily server's menu and its password first.</summary>
    public bool ThroughDailyMenu { get; init; }

    /// <summary>Whether a client's task is done at its log-in prompt, with nothing proved: for measuring boots.</summary>
    public bool UntilLogin { get; init; }

    /// <summary>Profile of the site to boot; null for the first that fits.</summary>
    public string? Profile { get; init; }

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
}
