using Dom0Image.Boot;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Storage;

/// <summary>What there is of a volume.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Mount">What is mounted at its place; null for nothing.</param>
/// <param name="HasContent">Whether something is in its place's directory, of the mount or, without one, of the disk.</param>
/// <param name="Image">Its image file; null when it has none, or it is not there.</param>
/// <param name="WasMade">Whether a unit of ours mounts what the site names: it was made before.</param>
internal sealed record VolumeState(ExportVolume Volume, MountEntry? Mount, bool HasContent, FileNode? Image, bool WasMade)
{
    /// <summary>Looks at a volume.</summary>
    public static VolumeState Read(ExportVolume volume, StoragePlaces places)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(places);
        var point = places.MountPointOf(volume);
        var unit = places.OnDisk(VolumeUnits.PlaceOf(volume));
        return new VolumeState(
            volume,
            MountInfo.Read().At(point),
            FileNode.Find(point) is { } found && (!found.IsDirectory || found.Children().Any()),
            volume.Settings is ImageFileVolume ? FileNode.Find(places.ImageOnDisk(volume)) : null,
            File.Exists(unit) && File.ReadAllText(unit) is var text && OwnershipMark.IsOurs(text) && text.Contains($"\nWhat={volume.Source}\n"));
    }

    /// <summary>The loop device that the image file is mounted through; null when something else is mounted, or nothing.</summary>
    public LoopDevice? Loop => Mount is not null && Image is { } image && LoopDevice.Find(Mount.Source) is { } loop && loop.BackingFile == image.Path ? loop : null;

    /// <summary>Bytes that the image file takes on the host's disk.</summary>
    public long ImageBytes => Image is { } image ? image.AllocatedSize : 0;

    /// <summary>Bytes that the image file may still take.</summary>
    public long MayGrow => Image is { } image ? Math.Max(0, image.Size - ImageBytes) : 0;
}
