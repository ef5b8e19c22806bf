using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using Dom0Image.RootFs.RamTree;

namespace Dom0Image.Verification;

/// <summary>Checks that an image's writable paths are where the flash list has them, with its modes and owners, and that clients will find them.</summary>
internal sealed class FlashRule : IImageRule
{
    private const string Again = "Build the image again; when it was edited by hand, the edit broke it";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedImage image)
    {
        var (root, list) = (image.Root, image.Recipe.Flash);

        // Through a link there, all that follows would be looked for elsewhere.
        if (FileNode.Find(root + FlashPaths.Flash) is var flash && flash is not { IsDirectory: true })
        {
            yield return new Finding(FindingKind.FlashNoDirectory, FlashPaths.Flash, $"is {Describe(flash)}, and clients mount their RAM on it", Again);
            yield break;
        }

        var owners = ImageOwners.Read(root);
        foreach (var finding in list.Entries.SelectMany(entry => CheckEntry(root, list, entry, owners)))
        {
            yield return finding;
        }

        if (RamTreeArchive.Staleness(root, list) is { } why)
        {
            yield return new Finding(FindingKind.RamTreeStale, FlashPaths.RamTree, $"what clients unpack at boot {why}", Again);
        }
    }

    private static IEnumerable<Finding> CheckEntry(string root, FlashList list, FlashEntry entry, ImageOwners owners)
    {
        var moved = FlashPaths.Moved(entry.Path);
        var isTop = list.ParentOf(entry) is null;
        var other = (isTop ? OtherOnTheWay(root, entry.Path) : null) ?? OtherOnTheWay(root, moved);
        if (other is { } way)
        {
            yield return new Finding(FindingKind.FlashWay, way.Path[root.Length..], $"is {Describe(way)} on the way to {entry.Path}, and no directory", Again);
            yield break;
        }

        if (isTop)
        {
            var original = FileNode.Find(root + entry.Path);
            if (original is not { IsLink: true } link || link.Target != moved)
            {
                yield return new Finding(FindingKind.FlashLink, entry.Path, $"is {Describe(original)}, and no link to {moved}", Again);
            }
        }

        if (FileNode.Find(root + moved) is not { } node)
        {
            yield return new Finding(FindingKind.FlashMissing, entry.Path, $"leads to {moved}, which is not in the image", Again);
            yield break;
        }

        if (!FlashPlan.Fits(entry.Kind, node))
        {
            yield return new Finding(FindingKind.FlashOtherKind, moved, $"is {Describe(node)}, and a {FlashPlan.Name(entry.Kind)} in the flash list", Again);
        }
        else if (node.IsLink && node.Target != FlashPlan.TargetOf(entry))
        {
            yield return new Finding(FindingKind.FlashTarget, moved, $"leads to {node.Target}, and to {FlashPlan.TargetOf(entry)} in the flash list", Again);
        }
        else if (!node.IsLink && node.Mode != entry.Mode)
        {
            yield return new Finding(FindingKind.FlashMode, moved, $"has mode {OctalMode.Of(node.Mode)}, and {OctalMode.Of(entry.Mode)} in the flash list", Again);
        }

        if (node.Uid != owners.FindUser(entry.Owner) || node.Gid != owners.FindGroup(entry.Group))
        {
            yield return new Finding(FindingKind.FlashOwner, moved, $"belongs to {node.Uid}:{node.Gid}, and to {entry.Owner}:{entry.Group} in the flash list", Again);
        }
    }

    // The first on the way to a path that is there and no directory.
    private static FileNode? OtherOnTheWay(string root, string path)
    {
        for (var slash = path.IndexOf('/', 1); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var node = FileNode.Find(root + path[..slash]);
            if (node is not { IsDirectory: true })
            {
                return node;
            }
        }

        return null;
    }

    private static string Describe(FileNode? node) => node is { } there ? $"a {there.TypeName}" : "missing";
}
