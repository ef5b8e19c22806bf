using Dom0Image.BootLab.Network;
using Dom0Image.Processes;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>The command line of a server guest.</summary>
internal static class GuestQemu
{
    /// <summary>The tap that the guest is on; clients have those behind it.</summary>
    public const int Tap = 0;

    private const int Megabytes = 2048;
    private const int FirstDiskSlot = 8;
    private const string Mac = "52:54:00:00:00:05";

    // What would be measured or waited for in vain in here.
    private const string KernelOptions = "console=ttyS0 mitigations=off nowatchdog tsc=nowatchdog panic=-1";

    /// <summary>Puts it together. The serial line is QEMU's standard input and output.</summary>
    /// <param name="image">Kernel and RAM disk.</param>
    /// <param name="disks">The system's disk first.</param>
    public static ToolCommand For(GuestImage image, IReadOnlyList<GuestDisk> disks)
    {
        string[] arguments =
        [
            "-nodefaults", "-display", "none", "-vga", "none", "-machine", "pc,graphics=off",
            // Translated code is kept: nothing here writes into its own pages as a dom0's firmware does.
            "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max", "-smp", "2", "-m", $"{Megabytes}", "-rtc", "base=utc",
            "-kernel", image.Kernel, "-initrd", image.RamDisk, "-append", KernelOptions,
            .. disks.SelectMany(Drive),
            "-netdev", $"tap,id=net0,ifname={LabNetwork.TapOf(Tap)},script=no,downscript=no",
            "-device", $"virtio-net-pci,netdev=net0,mac={Mac},addr={GuestSettings.CardSlot},romfile=",
            "-object", "rng-random,id=random,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=random",
            "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
        ];
        return new ToolCommand("qemu-system-x86_64", arguments);
    }

    // The kernel that tests run on loses nothing when QEMU is killed, so that it need not flush.
    private static IEnumerable<string> Drive(GuestDisk disk, int index)
    {
        var id = $"disk{index}";
        var file = $"driver={disk.Format},node-name={Node(disk.WriteLog is null)},cache.no-flush=on,read-only={(disk.ReadOnly ? "on" : "off")},file.driver=file,file.filename={Escaped(disk.File)}";
        string[] logged = disk.WriteLog is null
            ? []
            : ["-blockdev", $"driver=blklogwrites,node-name={id},file={id}-file,log.driver=file,log.filename={Escaped(disk.WriteLog)},log-sector-size={WriteLog.SectorSize}"];
        var serial = disk.Name is null ? "" : $",serial={disk.Name}";

        // In the order given, whatever the bus does: /dev/vda is the first.
        return ["-blockdev", file, .. logged, "-device", $"virtio-blk-pci,drive={id}{serial},addr={FirstDiskSlot + index}"];

        string Node(bool top) => top ? id : $"{id}-file";
    }

    // A comma ends a value for QEMU, and two are one.
    private static string Escaped(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
