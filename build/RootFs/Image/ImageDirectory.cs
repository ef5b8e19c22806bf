using Dom0Image.Posix;

namespace Dom0Image.RootFs.Image;

/// <summary>Makes directories of an image that no list says anything about: root's, 0755, whatever the umask is.</summary>
internal static class ImageDirectory
{
    private const int Mode = 0b111_101_101;

    /// <summary>Makes a directory and those above it where they are missing, links followed inside the image.</summary>
    /// <returns>Its path on this machine.</returns>
    public static string Ensure(string root, string imagePath)
    {
        var resolved = ContainedPath.ResolveInImage(root, imagePath);
        Make(root, resolved == "/" ? "" : resolved);
        return ContainedPath.OnDisk(root, resolved);
    }

    private static void Make(string root, string path)
    {
        if (path.Length == 0 || FileNode.Find(root + path) is not null)
        {
            return;
        }

        Make(root, ContainedPath.Parent(path));
        FileChange.MakeDirectory(root + path, Mode);
        FileChange.SetOwner(root + path, 0, 0);
    }
}
