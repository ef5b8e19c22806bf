using Dom0Image.Posix;

namespace Dom0Image.Verification;

/// <summary>No file and no link names a directory of the build machine.</summary>
internal sealed class HostPathRule(CheckedImage image) : IEntryRule
{
    private readonly LeakScan _leaks = LeakScan.For(image);

    /// <inheritdoc/>
    public IEnumerable<Finding> Look(FileNode node, string path)
    {
        if (node.IsLink && node.Target is var target && _leaks.FirstIn(target) is { } inTarget)
        {
            yield return new Finding(FindingKind.HostPathInLink, path, $"leads to {target}, in {inTarget}, a directory of the build machine", "Whatever made it must not write a path of the build into the image");
        }
        else if (node.IsFile && _leaks.FirstIn(node) is { } inFile)
        {
            yield return new Finding(FindingKind.HostPathInFile, path, $"names {inFile}, a directory of the build machine", "Whatever wrote it must not write a path of the build into the image");
        }
    }
}
