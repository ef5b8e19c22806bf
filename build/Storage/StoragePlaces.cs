using Dom0Image.Boot;

namespace Dom0Image.Storage;

/// <summary>Where volumes and what belongs to them are on this machine.</summary>
/// <param name="Root">
/// Absolute directory below which all of it is: empty for a boot server's real places. What is below another root is mounted
/// by hand and not by units, which name real places.
/// </param>
internal sealed record StoragePlaces(string Root)
{
    /// <summary>A boot server's real places.</summary>
    public static StoragePlaces Real { get; } = new("");

    /// <summary>Whether units are started: by systemd, as the first process.</summary>
    public bool HasSystemd => Root.Length == 0 && Directory.Exists("/run/systemd/system");

    /// <summary>A place on this machine's disk.</summary>
    public string OnDisk(string place) => Root + place;

    /// <summary>Where a volume is mounted.</summary>
    public string MountPointOf(ExportVolume volume) => OnDisk(volume.Place);

    /// <summary>Its image file on this machine's disk.</summary>
    public string ImageOnDisk(ExportVolume volume) => OnDisk(volume.ImageFile);
}
