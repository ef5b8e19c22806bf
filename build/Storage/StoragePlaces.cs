using Dom0Image.Recipes;

namespace Dom0Image.Storage;

/// <summary>Where volumes and what belongs to them are on this machine.</summary>
/// <param name="Root">
/// Absolute directory below which all of it is: empty for a boot server's real places. What is below another root is mounted
/// by hand and not by units, which name real places.
/// </param>
internal sealed record StoragePlaces(string Root)
{
    /// <summary>Holds image files. Not the store: that one may be deleted.</summary>
    public const string ImageFiles = "/var/lib/dom0image/storage";

    /// <summary>A boot server's real places.</summary>
    public static StoragePlaces Real { get; } = new("");

    /// <summary>Whether units are started: by systemd, as the first process.</summary>
    public bool HasSystemd => Root.Length == 0 && Directory.Exists("/run/systemd/system");

    /// <summary>A place on this machine's disk.</summary>
    public string OnDisk(string place) => Root + place;

    /// <summary>Where a volume is mounted.</summary>
    public string MountPointOf(ExportVolume volume) => OnDisk(volume.Place);

    /// <summary>Its image file, as units name it.</summary>
    public static string ImageFileOf(ExportVolume volume) => $"{ImageFiles}/{volume.Name}.img";

    /// <summary>Its image file on this machine's disk.</summary>
    public string ImageOnDisk(ExportVolume volume) => OnDisk(ImageFileOf(volume));

    /// <summary>What mount(8) takes for a volume, as units name it.</summary>
    public static string SourceOf(ExportVolume volume) => volume.Settings switch
    {
        ImageFileVolume => ImageFileOf(volume),
        DeviceVolume device => device.Device,
        DatasetVolume dataset => dataset.Dataset,
        var other => throw new InvalidOperationException($"unknown kind of volume: {other}"),
    };
}
