using Dom0Image.Recipes;

namespace Dom0Image.RootFs.Flash;

/// <summary>Where the writable part of an image stands.</summary>
internal static class FlashPaths
{
    /// <summary>The directory in the image that clients cover with their RAM.</summary>
    public const string Flash = "/flash";

    /// <summary>Directory in the image with what the RAM-tree init needs.</summary>
    public const string Support = "/usr/lib/dom0image";

    /// <summary>What clients unpack into their RAM: an uncompressed tar archive.</summary>
    public const string RamTree = Support + "/ramtree.tar";

    /// <summary>Device nodes for suites whose kernels make none; a tar archive.</summary>
    public const string Devices = Support + "/devices.tar";

    /// <summary>Empty directory on which clients build their RAM tree before they move it.</summary>
    public const string Aside = Support + "/aside";

    /// <summary>Where a path of the flash list is moved to, such as <c>/flash/var/log</c>.</summary>
    public static string Moved(string imagePath) => Flash + imagePath;

    /// <summary>The entry that decides about an image path: the one at it, or its nearest listed parent; null when the path is read-only.</summary>
    public static FlashEntry? Covering(FlashList list, string imagePath)
        => list.Entries.FirstOrDefault(entry => entry.Path == imagePath)
            ?? list.Entries.Where(entry => IsBelow(imagePath, entry.Path)).MaxBy(entry => entry.Path.Length);

    /// <summary>Whether a path is truly below another one.</summary>
    internal static bool IsBelow(string path, string directory)
        => path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal);
}
