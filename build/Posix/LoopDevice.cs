namespace Dom0Image.Posix;

/// <summary>A file that is a block device.</summary>
/// <param name="Device">Such as <c>/dev/loop0</c>.</param>
/// <param name="BackingFile">The file.</param>
public sealed record LoopDevice(string Device, string BackingFile)
{
    // The most that fits, in whole sectors; the kernel takes less where the device can only do less.
    private const string Most = "4294966784";

    /// <summary>The loop device of that name; null when it is none, or has no file.</summary>
    public static LoopDevice? Find(string device)
    {
        var file = $"/sys/block/{Path.GetFileName(device)}/loop/backing_file";
        return device.StartsWith("/dev/loop", StringComparison.Ordinal) && File.Exists(file) ? new LoopDevice(device, File.ReadAllText(file).TrimEnd('\n')) : null;
    }

    /// <summary>Has the kernel refuse to give the file's blocks back to its disk, as the udev rule does at boot.</summary>
    public void KeepBlocks() => LimitDiscard(Device, "0");

    /// <summary>Has the kernel give blocks back again that the next file of a device has no use for: a limit outlives the file that it was set for.</summary>
    /// <param name="device">A loop device, with a file or without.</param>
    public static void GiveBlocksBack(string device) => LimitDiscard(device, Most);

    private static void LimitDiscard(string device, string bytes)
    {
        try
        {
            File.WriteAllText($"/sys/block/{Path.GetFileName(device)}/queue/discard_max_bytes", bytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A container may not set it; each run looks after the blocks themselves.
        }
    }
}
