using Dom0Image.BootLab.Network;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab.Clients;

/// <summary>The command line of one client.</summary>
internal static class QemuCommand
{
    /// <summary>Where Debian's <c>ovmf</c> package has the UEFI firmware.</summary>
    public const string UefiFirmware = "/usr/share/ovmf/OVMF.fd";

    /// <summary>Puts it together. The serial line is QEMU's standard input and output.</summary>
    /// <param name="hardware">What the client is made of.</param>
    /// <param name="index">Which tap it has, from 0.</param>
    /// <param name="mac">Its card's address.</param>
    /// <param name="acceleration">How its processor is run.</param>
    public static ToolCommand For(ClientHardware hardware, int index, MacAddress mac, Acceleration acceleration)
    {
        string[] firmware = hardware.Firmware == Firmware.Uefi ? ["-bios", UefiFirmware] : [];
        string[] other = hardware.OtherCard is { } otherMac
            ? ["-netdev", $"tap,id=net1,ifname={LabNetwork.OtherTapOf(index)},script=no,downscript=no", "-device", $"{Model(hardware.Card)},netdev=net1,mac={otherMac},romfile="]
            : [];
        string[] arguments =
        [
            // Without graphics SeaBIOS and iPXE speak on the serial line too.
            "-nodefaults", "-display", "none", "-vga", "none", "-machine", "pc,graphics=off",
            .. Accelerated(acceleration, hardware.Processor), "-m", $"{hardware.MemoryMegabytes}", "-smp", "1", "-no-reboot", "-rtc", "base=utc",
            .. firmware,
            "-netdev", $"tap,id=net0,ifname={LabNetwork.TapOf(index)},script=no,downscript=no",
            "-device", $"{Model(hardware.Card)},netdev=net0,mac={mac},bootindex=0",
            .. other,
            "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
        ];
        return new ToolCommand("qemu-system-x86_64", arguments) { Hint = "The boot test needs qemu-system-x86, ipxe-qemu, seabios and ovmf" };
    }

    // TCG: megabytes for translated code. Each write to a page that still has translated code in it is slow, and UEFI leaves such
    // pages behind for Xen, as it seems; a small buffer is soon full, and emptied. Seen with UEFI and Xen 4.20: log-in after
    // 72 s with 64, after 141 s with 512; BIOS is as fast with either.
    private static string[] Accelerated(Acceleration acceleration, string? processor)
        => acceleration == Acceleration.Kvm ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg,tb-size=64", .. processor is null ? Array.Empty<string>() : ["-cpu", processor]];

    private static string Model(NetworkCard card) => card switch
    {
        NetworkCard.E1000 => "e1000",
        NetworkCard.Rtl8139 => "rtl8139",
        NetworkCard.Virtio => "virtio-net-pci",
        _ => throw new ArgumentOutOfRangeException(nameof(card)),
    };
}
