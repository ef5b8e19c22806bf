using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Verification;

/// <summary>Looks through a finished image for what must not be published. The image is read once, in one pass; nothing is changed.</summary>
internal static class ImageVerification
{
    // Where an image has these, the rules have something to look at.
    private static readonly ImmutableArray<string> InEvery = ["/etc", "/usr", "/var"];

    /// <summary>All that is wrong with an image, in one go; empty when it can be published.</summary>
    public static ImmutableArray<Finding> Verify(CheckedImage image)
    {
        var top = FileNode.Get(image.Root);
        if (InEvery.FirstOrDefault(path => FileNode.Find(ContainedPath.Resolve(image.Root, path)) is not { IsDirectory: true } directory || !directory.Children().Any()) is { } missing)
        {
            return [new Finding(FindingKind.TreeIncomplete, missing, "is not there, or empty, so that no rule has anything to look at", "Build the image again")];
        }

        var rules = Rules.OfEntries(image);
        return
        [
            .. Rules.OfImage.SelectMany(rule => rule.Check(image)),
            .. rules.SelectMany(rule => rule.Look(top, "/")),
            .. top.Below().SelectMany(node => Look(node, node.Path[image.Root.Length..], top, rules)),
        ];
    }

    private static IEnumerable<Finding> Look(FileNode node, string path, FileNode top, ImmutableArray<IEntryRule> rules)
        => node.IsDirectory && node.FileSystem != top.FileSystem
            ? [new Finding(FindingKind.OtherFileSystem, path, "is on another file system, and is not looked at", $"Something is still mounted there: umount {node.Path}")]
            : rules.SelectMany(rule => rule.Look(node, path));
}
