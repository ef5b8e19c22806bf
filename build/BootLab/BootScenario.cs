using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;

namespace Dom0Image.BootLab;

/// <summary>One way to boot that is tested.</summary>
/// <param name="Name">For reports and file names.</param>
/// <param name="Hardware">What the clients are made of.</param>
/// <param name="Xen">Whether they boot a profile under Xen, or the plain kernel.</param>
public sealed record BootScenario(string Name, ClientHardware Hardware, bool Xen)
{
    /// <summary>How many clients boot at once.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>Whether a guest is started on the first client and stopped again. Only under Xen.</summary>
    public bool DomU { get; init; }

    /// <summary>Whether they go through the daily server's menu and its password first.</summary>
    public bool ThroughDailyMenu { get; init; }

    /// <summary>Profile of the site to boot; null for the first that fits.</summary>
    public string? Profile { get; init; }

    /// <summary>What is tested before a generation is published.</summary>
    /// <param name="clients">How many clients boot at once in the scenario of several.</param>
    /// <param name="hypervisor">Whether the generation has a hypervisor.</param>
    public static ImmutableArray<BootScenario> Standard(int clients, bool hypervisor) => hypervisor
        ?
        [
            new("bios-xen-domu", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { DomU = true },
            new("uefi-xen", new ClientHardware(Firmware.Uefi, NetworkCard.Virtio), Xen: true),
            new("bios-plain", new ClientHardware(Firmware.Bios, NetworkCard.Rtl8139), Xen: false),
            new($"bios-xen-{clients}-clients", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { Clients = clients, ThroughDailyMenu = true },
        ]
        :
        [
            new("bios-plain", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: false),
            new($"bios-plain-{clients}-clients", new ClientHardware(Firmware.Bios, NetworkCard.Rtl8139), Xen: false) { Clients = clients },
        ];
}
