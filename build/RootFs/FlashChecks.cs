using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.RootFs;

/// <summary>Checks that an image's writable paths are where the flash list has them, with its modes and owners, and that clients will find them.</summary>
internal static class FlashChecks
{
    private const string Again = "Build the image again; when it was edited by hand, the edit broke it";

    /// <summary>What is wrong.</summary>
    public static IEnumerable<Finding> Check(string root, FlashList list)
    {
        var owners = ImageOwners.Read(root);
        foreach (var entry in list.Entries)
        {
            foreach (var finding in CheckEntry(root, list, entry, owners))
            {
                yield return finding;
            }
        }

        if (FileNode.Find(root + FlashPaths.Flash) is { IsDirectory: true } && RamTreeArchive.Staleness(root, list) is { } why)
        {
            yield return new Finding("ram-tree-archive", FlashPaths.RamTree, $"what clients unpack at boot {why}", Again);
        }
    }

    private static IEnumerable<Finding> CheckEntry(string root, FlashList list, FlashEntry entry, ImageOwners owners)
    {
        var moved = FlashPaths.Moved(entry.Path);
        if (list.ParentOf(entry) is null)
        {
            var original = FileNode.Find(root + entry.Path);
            if (original is not { IsLink: true } link || link.Target != moved)
            {
                yield return new Finding("flash-link", entry.Path, $"is {Describe(original)}, and no link to {moved}", Again);
            }
        }

        if (FileNode.Find(root + moved) is not { } node)
        {
            yield return new Finding("dangling-flash-link", entry.Path, $"leads to {moved}, which is not in the image", Again);
            yield break;
        }

        if (!FlashPlan.Fits(entry.Kind, node))
        {
            yield return new Finding("flash-kind", moved, $"is {Describe(node)}, and a {FlashPlan.Name(entry.Kind)} in the flash list", Again);
        }
        else if (!node.IsLink && node.Mode != entry.Mode)
        {
            yield return new Finding("flash-mode", moved, $"has mode {TreeVerification.Octal(node.Mode)}, and {TreeVerification.Octal(entry.Mode)} in the flash list", Again);
        }

        if (node.Status.st_uid != owners.FindUser(entry.Owner) || node.Status.st_gid != owners.FindGroup(entry.Group))
        {
            yield return new Finding("flash-owner", moved, $"belongs to {node.Status.st_uid}:{node.Status.st_gid}, and to {entry.Owner}:{entry.Group} in the flash list", Again);
        }
    }

    private static string Describe(FileNode? node) => node is { } there ? $"a {there.TypeName}" : "missing";
}
