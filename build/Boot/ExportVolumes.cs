using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>One exported file system of a site.</summary>
/// <param name="Name"><c>generations</c> or <c>imgs</c>, as under <c>storage</c> in the site.</param>
/// <param name="Place">Where it is mounted and exported.</param>
/// <param name="Settings">What it lies on.</param>
internal sealed record ExportVolume(string Name, string Place, VolumeSettings Settings)
{
    /// <summary>Holds image files. Not the store: that one may be deleted.</summary>
    public const string ImageFiles = "/var/lib/dom0image/storage";

    /// <summary>Its image file, as units name it.</summary>
    public string ImageFile => $"{ImageFiles}/{Name}.img";

    /// <summary>What mount(8) takes for it, as units name it.</summary>
    public string Source => Settings switch
    {
        ImageFileVolume => ImageFile,
        DeviceVolume device => device.Device,
        DatasetVolume dataset => dataset.Dataset,
        var other => throw new InvalidOperationException($"unknown kind of volume: {other}"),
    };
}

/// <summary>The exported file systems of a site.</summary>
internal static class ExportVolumes
{
    /// <summary>Generations first; <c>imgs</c> only where it is exported.</summary>
    public static ImmutableArray<ExportVolume> Of(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        var generations = new ExportVolume("generations", Places.Generations, site.Storage.Generations);
        return site.Images is ImagesExport.None ? [generations] : [generations, new ExportVolume("imgs", Places.DomUImages, site.Storage.Images)];
    }
}
