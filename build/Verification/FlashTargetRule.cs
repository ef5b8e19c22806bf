using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Verification;

/// <summary>A link into <c>/flash</c> leads to something. Those of the flash list itself are <see cref="FlashRule"/>'s.</summary>
internal sealed class FlashTargetRule(CheckedImage image) : IEntryRule
{
    private readonly string _root = image.Root;
    private readonly FlashList _flash = image.Recipe.Flash;

    /// <inheritdoc/>
    public IEnumerable<Finding> Look(FileNode node, string path)
    {
        if (node.IsLink && node.Target is var target && LeadsIntoFlash(path, target) && !Exists(path, target) && !_flash.Entries.Any(entry => entry.Path == path))
        {
            yield return new Finding(FindingKind.LinkIntoFlash, path, $"leads to {target}, which is not in the image", "Delete the link, or list its path in the recipe's flash list");
        }
    }

    // A relative link that a package has below a writable path may lead nowhere there, as it may anywhere else. One that climbs
    // out of the writable path was meant for a place that is now elsewhere.
    private bool LeadsIntoFlash(string path, string target)
    {
        if (target.StartsWith('/'))
        {
            return target == FlashPaths.Flash || FlashPaths.IsBelow(target, FlashPaths.Flash);
        }

        var meant = LexicalPath.Combine(ContainedPath.Parent(path), target);
        var top = FlashPaths.IsBelow(path, FlashPaths.Flash)
            ? _flash.Moved.Select(entry => FlashPaths.Moved(entry.Path)).FirstOrDefault(moved => FlashPaths.IsBelow(path, moved))
            : null;
        return FlashPaths.IsBelow(meant, FlashPaths.Flash) && (top is null || !(meant == top || FlashPaths.IsBelow(meant, top)));
    }

    private bool Exists(string path, string target)
        => ContainedPath.Exists(_root, target.StartsWith('/') ? target : $"{ContainedPath.Parent(path)}/{target}");
}
