using Dom0Image.Posix;

namespace Dom0Image.Verification;

/// <summary>
/// What the kernel's overlayfs writes for itself, marks and the devices that stand for what was deleted, is in no image: over NFS it is an odd
/// file, and below the next edit it would hide what is there.
/// </summary>
internal sealed class OverlayTraceRule : IEntryRule
{
    private const string Deleted = "0:0";

    private static readonly string[] Marks = ["trusted.overlay.", "user.overlay."];

    /// <inheritdoc/>
    public IEnumerable<Finding> Look(FileNode node, string path)
    {
        if (node.IsDevice && DeviceNumber.Of(node.Device) == Deleted)
        {
            yield return new Finding(FindingKind.OverlayTrace, path, "is a device 0:0, by which an overlay says that something is deleted", "Delete it; was an overlay's upper directory copied into the image?");
        }

        if (ExtendedAttributes.Of(node.Path).FirstOrDefault(attribute => Marks.Any(mark => attribute.Name.StartsWith(mark, StringComparison.Ordinal))) is { Name: { } name })
        {
            yield return new Finding(FindingKind.OverlayTrace, path, $"has an overlay's mark, {name}", $"setfattr -x {name} FILE; was an overlay's upper directory copied into the image?");
        }
    }
}
