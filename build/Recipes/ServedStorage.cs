using System.Net;
using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes;

/// <summary>Who may mount what a boot server exports.</summary>
internal enum ExportAudience
{
    /// <summary>Every address of the site's subnets, as in the Howto.</summary>
    Subnets,

    /// <summary>The addresses of the listed hosts, and no other.</summary>
    Hosts,
}

/// <summary>How clients get the images of domUs.</summary>
internal enum ImagesExport
{
    /// <summary>They may write them.</summary>
    ReadWrite,

    /// <summary>They may read them.</summary>
    ReadOnly,

    /// <summary>Not at all: nothing is exported beside the generations.</summary>
    None,
}

/// <summary>The NFS server that a boot server runs; never two.</summary>
internal enum NfsServer
{
    /// <summary>nfs-ganesha, in user space: any kernel does.</summary>
    Ganesha,

    /// <summary>The kernel's own.</summary>
    Kernel,
}

/// <summary>What the exported directories lie on: each on a file system of its own, which holds nothing else.</summary>
/// <param name="Generations">For the generations.</param>
/// <param name="Images">For the images of domUs.</param>
internal sealed record ServedStorage(VolumeSettings Generations, VolumeSettings Images)
{
    /// <summary>What a site gets that says nothing: image files, allocated in full.</summary>
    public static ServedStorage Default { get; } = new(VolumeSettings.DefaultGenerations, VolumeSettings.DefaultImages);

    /// <summary>
    /// The boot server for which the site accepts that exports share a file system with other things, and so are no border;
    /// null for none.
    /// </summary>
    public IPAddress? SharedAcceptedFor { get; init; }
}

/// <summary>A file system that is exported as a whole.</summary>
internal abstract record VolumeSettings
{
    private const long Gigabyte = 1L << 30;

    /// <summary>Some thirty generations of a plain image.</summary>
    public static ImageFileVolume DefaultGenerations { get; } = new(8 * Gigabyte, Sparse: false);

    /// <summary>The example guests, and some small ones.</summary>
    public static ImageFileVolume DefaultImages { get; } = new(4 * Gigabyte, Sparse: false);

    /// <summary>Where the site says so; null where it says nothing.</summary>
    public SourceLocation? Where { get; init; }
}

/// <summary>A file system in an image file below <c>/var/lib/dom0image</c>, made by the pipeline.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sparse">Whether the host's disk is only taken as it is written, and given back when files are deleted.</param>
internal sealed record ImageFileVolume(long Size, bool Sparse) : VolumeSettings
{
    /// <summary>The least that holds a file system and one generation.</summary>
    public const long SmallestSize = 512L << 20;
}

/// <summary>A file system that the administrator made on a device; it is mounted and never made or grown by us.</summary>
/// <param name="Device">Such as <c>/dev/vg0/generations</c>.</param>
internal sealed record DeviceVolume(string Device) : VolumeSettings;

/// <summary>A ZFS dataset of the administrator's, with <c>mountpoint=legacy</c>.</summary>
/// <param name="Dataset">Such as <c>tank/generations</c>.</param>
internal sealed record DatasetVolume(string Dataset) : VolumeSettings;
