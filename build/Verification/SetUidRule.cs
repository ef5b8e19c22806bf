using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Verification;

/// <summary>What runs as its owner or group is what the recipe lists.</summary>
internal sealed class SetUidRule(CheckedImage image) : IEntryRule
{
    private const int SetIdBits = 0b110_000_000_000;

    // The list may name /bin/su where the image has /bin -> usr/bin.
    private readonly ImmutableHashSet<string> _listed = [.. image.Recipe.SetUid.Select(path => ContainedPath.ResolveName(image.Root, path)[image.Root.Length..])];

    /// <inheritdoc/>
    public IEnumerable<Finding> Look(FileNode node, string path)
    {
        if (node.IsFile && (node.Mode & SetIdBits) != 0 && !_listed.Contains(path))
        {
            yield return new Finding(FindingKind.SetUid, path, $"is set-uid or set-gid (mode {OctalMode.Of(node.Mode)}) and the recipe does not list it", "Add it to the recipe's set-uid list, or leave out the package that brings it");
        }
    }
}
