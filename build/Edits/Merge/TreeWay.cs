using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Merge;

/// <summary>
/// The directories that lead to a path in a tree. An edit is written only where each of them is a directory of its own: through a link it
/// would change another path, or one outside the tree.
/// </summary>
internal static class TreeWay
{
    /// <summary>The directories above a path, the highest first; without the root.</summary>
    public static IEnumerable<string> Above(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    /// <summary>Whether all on the way to a path are directories.</summary>
    public static bool IsClear(string root, string path) => Above(path).All(way => FileNode.Find(OnDisk(root, way)) is { IsDirectory: true });

    /// <summary>Where a path of a tree is on this machine.</summary>
    public static string OnDisk(string root, string path) => ContainedPath.OnDisk(root.TrimEnd('/'), path);
}
