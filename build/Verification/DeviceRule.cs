using Dom0Image.Posix;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Verification;

/// <summary>Devices are made by the kernel and udev, and stand in <c>/dev</c> alone.</summary>
internal sealed class DeviceRule : IEntryRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Look(FileNode node, string path)
    {
        if (node.IsDevice && !FlashPaths.IsBelow(path, "/dev"))
        {
            yield return new Finding(FindingKind.DeviceNode, path, $"is a {node.TypeName} outside /dev", "Delete it, or leave out the package that brings it");
        }
    }
}
