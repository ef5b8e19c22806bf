using Dom0Image.Posix;

namespace Dom0Image.RootFs.Image;

/// <summary>What packages brought to an image, by dpkg's lists.</summary>
internal static class PackageFiles
{
    private const string Lists = "/var/lib/dpkg/info";

    /// <summary>Paths in the image, as the packages have them; some stand in several lists.</summary>
    /// <param name="root">The image's root on this machine.</param>
    public static IEnumerable<string> In(string root)
        => FileNode.Find(ContainedPath.Resolve(root, Lists)) is { IsDirectory: true } lists
            ? lists.Children().Where(node => node.IsFile && node.Name.EndsWith(".list", StringComparison.Ordinal)).SelectMany(node => File.ReadLines(node.Path))
            : [];
}
