using Dom0Image.Recipes;

namespace Dom0Image.BootLab.Clients;

/// <summary>What a client's firmware is.</summary>
internal enum Firmware
{
    /// <summary>A PC's BIOS with PXE.</summary>
    Bios,

    Uefi,
}

/// <summary>Network cards that QEMU can be.</summary>
internal enum NetworkCard
{
    /// <summary>Intel PRO/1000.</summary>
    E1000,

    /// <summary>Realtek 8139.</summary>
    Rtl8139,

    Virtio,
}

/// <summary>What a client is made of.</summary>
/// <param name="Firmware">What starts it.</param>
/// <param name="Card">The card that it boots from.</param>
/// <param name="MemoryMegabytes">RAM; 1 GiB is what a dom0 with one small guest wants.</param>
internal sealed record ClientHardware(Firmware Firmware, NetworkCard Card, int MemoryMegabytes = 1024)
{
    /// <summary>QEMU's model of processor, such as <c>phenom</c>, where it is translated; null for its own.</summary>
    public string? Processor { get; init; }

    /// <summary>Address of a second card, which the firmware does not know, on the lab's other network; null for none.</summary>
    public MacAddress? OtherCard { get; init; }
}
