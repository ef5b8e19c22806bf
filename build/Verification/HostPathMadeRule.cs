namespace Dom0Image.Verification;

/// <summary>No directory of the build machine was made in the image; and the build said which there are.</summary>
internal sealed class HostPathMadeRule : IImageRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedImage image)
    {
        var leaks = LeakScan.For(image);
        if (!leaks.Asked)
        {
            yield return new Finding(FindingKind.HostPathsUnknown, "/", "cannot be searched for paths of the build machine: none was named", "That is a fault of the pipeline");
        }

        foreach (var path in leaks.Made)
        {
            yield return new Finding(FindingKind.HostPathMade, path, "is a directory of the build machine, and no package brings it", "Whatever made it must not write to a path of the build");
        }
    }
}
