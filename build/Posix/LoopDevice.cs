namespace Dom0Image.Posix;

/// <summary>A file that is a block device.</summary>
/// <param name="Device">Such as <c>/dev/loop0</c>.</param>
/// <param name="BackingFile">The file.</param>
public sealed record LoopDevice(string Device, string BackingFile)
{
    private string Settings => $"/sys/block/{Path.GetFileName(Device)}";

    /// <summary>The loop device of that name; null when it is none, or has no file.</summary>
    public static LoopDevice? Find(string device)
    {
        var file = $"/sys/block/{Path.GetFileName(device)}/loop/backing_file";
        return device.StartsWith("/dev/loop", StringComparison.Ordinal) && File.Exists(file) ? new LoopDevice(device, File.ReadAllText(file).TrimEnd('\n')) : null;
    }

    /// <summary>Has the kernel refuse to give the file's blocks back to its disk, as the udev rule does at boot.</summary>
    /// <returns>Whether it does now.</returns>
    public bool KeepBlocks()
    {
        var setting = $"{Settings}/queue/discard_max_bytes";
        try
        {
            File.WriteAllText(setting, "0");
            return File.ReadAllText(setting).Trim() == "0";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
