using System.Globalization;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>A file that is a block device.</summary>
/// <param name="Device">Such as <c>/dev/loop0</c>.</param>
/// <param name="BackingFile">The file.</param>
internal sealed record LoopDevice(string Device, string BackingFile)
{
    /// <summary>The loop device of that name; null when it is none, or has no file.</summary>
    public static LoopDevice? Find(string device)
    {
        var file = $"/sys/block/{Path.GetFileName(device)}/loop/backing_file";
        return device.StartsWith("/dev/loop", StringComparison.Ordinal) && File.Exists(file) ? new LoopDevice(device, File.ReadAllText(file).TrimEnd('\n')) : null;
    }

    /// <summary>Whether blocks that the file system has no use for go back to the file's disk.</summary>
    public bool GivesBlocksBack => File.ReadAllText(Limit).Trim() != "0";

    private string Limit => $"/sys/block/{Path.GetFileName(Device)}/queue/discard_max_bytes";

    /// <summary>Has the kernel refuse to give the file's blocks back to its disk, as the udev rule does at boot.</summary>
    public void KeepBlocks()
    {
        try
        {
            File.WriteAllText(Limit, "0");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A container may not set it; each run looks after the blocks themselves.
        }
    }

    /// <summary>
    /// Has the kernel give the blocks of the device's next file back: a limit outlives the file that it was set for. Linux 6.18
    /// lifts none that is zero, so the device goes as a whole; the kernel makes a new one where one is asked for.
    /// </summary>
    /// <param name="device">A loop device without a file; one that has a file stays as it is.</param>
    public static void Forget(string device)
    {
        const ulong Remove = 0x4C81;
        var control = Syscall.open("/dev/loop-control", OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC);
        if (control >= 0)
        {
            _ = ioctl(control, Remove, int.Parse(Path.GetFileName(device)["loop".Length..], CultureInfo.InvariantCulture));
            _ = Syscall.close(control);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, ulong request, long number);
}
