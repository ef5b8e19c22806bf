using System.Net;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>What a site may say of what it exports, to whom, and what that lies on.</summary>
internal static class StorageModel
{
    internal static readonly Field<ExportAudience> ExportTo = Field<ExportAudience>.Optional(
        "export-to", new WordShape<ExportAudience>("audience", ("subnets", ExportAudience.Subnets), ("hosts", ExportAudience.Hosts)), ExportAudience.Subnets,
        "Who may mount: every address of the subnets, or the listed hosts only. Default: subnets.");

    internal static readonly Field<ImagesExport> Images = Field<ImagesExport>.Optional(
        "imgs",
        new WordShape<ImagesExport>("way to export the images of domUs", ("read-write", ImagesExport.ReadWrite), ("read-only", ImagesExport.ReadOnly), ("none", ImagesExport.None))
        {
            HintFor = text => text switch { "rw" => "Write read-write.", "ro" => "Write read-only.", _ => null },
        },
        ImagesExport.ReadWrite,
        "How clients get the images of domUs in /opt/ondemand/imgs. Default: read-write.");

    internal static readonly Field<NfsServer> NfsServer = Field<NfsServer>.Optional(
        "nfs-server", new WordShape<NfsServer>("NFS server", ("ganesha", Recipes.NfsServer.Ganesha), ("kernel", Recipes.NfsServer.Kernel)), Recipes.NfsServer.Ganesha,
        "The NFS server that the boot server runs; the other one is stopped. Default: ganesha.");

    private static readonly Field<long> Size = Field<long>.Optional(
        "size", Scalars.Size, 0, "Size of an image file in /var/lib/dom0image that is made for it. Default: 8G for generations, 4G for imgs.");

    private static readonly Field<bool> Sparse = Field<bool>.Optional(
        "sparse", new BooleanShape(), false, "Whether the image file takes disk only as it is written. The disk may then be full before the file is. Default: false.");

    private static readonly Field<string?> Device = Field<string?>.Optional(
        "device",
        new ScalarShape<string?>("block device", "/dev/vg0/generations", @"^/dev(/[A-Za-z0-9_+-][A-Za-z0-9._+:@-]*)+$", text => text) { Details = ", with a file system of its own on it," },
        null, "A device with a file system that you made, such as a partition or an LVM volume.");

    private static readonly Field<string?> Dataset = Field<string?>.Optional(
        "dataset",
        new ScalarShape<string?>("ZFS dataset", "tank/generations", @"^[A-Za-z][A-Za-z0-9_.:-]*(/[A-Za-z0-9][A-Za-z0-9_.:-]*)+$", text => text),
        null, "A ZFS dataset that you made, with mountpoint=legacy.");

    private static readonly Field<VolumeSettings> Generations = Field<VolumeSettings>.Optional(
        "generations", Volume(VolumeSettings.DefaultGenerations), VolumeSettings.DefaultGenerations, "What generations lie on.");

    internal static readonly Field<VolumeSettings> ImagesVolume = Field<VolumeSettings>.Optional(
        "imgs", Volume(VolumeSettings.DefaultImages), VolumeSettings.DefaultImages, "What images of domUs lie on.");

    internal static readonly Field<ServedStorage> Storage = Field<ServedStorage>.Optional(
        "storage",
        new ObjectShape<ServedStorage>("storage", [Generations, ImagesVolume], f => new ServedStorage(f.Get(Generations), f.Get(ImagesVolume))),
        ServedStorage.Default,
        "The file systems that are exported, each of its own. Default: image files in /var/lib/dom0image, which are made.");

    private static readonly Field<IPAddress> AcceptedFor = Field<IPAddress>.Needed("accepted", Scalars.Address, "The boot server that it is accepted for.");

    internal static readonly Field<IPAddress?> SharedFileSystem = Field<IPAddress?>.Optional(
        "shared-file-system",
        new ObjectShape<IPAddress?>("acceptance", [AcceptedFor], f => f.Get(AcceptedFor)),
        null,
        "Accepts that exports share a file system with other things of the boot server, which whoever may mount can then read, and write where imgs are read-write.");

    /// <summary>What must hold between these keys and the others of a site.</summary>
    public static IEnumerable<Diagnostic> Check(Fields f)
    {
        if (f.HasValue(SharedFileSystem) && f.Get(SharedFileSystem) is { } accepted && f.HasValue(SiteModel.BootServer) && !accepted.Equals(f.Get(SiteModel.BootServer)))
        {
            yield return new Diagnostic($"the shared file system is accepted for {accepted}, which is not the boot server")
            {
                Where = f.WhereOf(SharedFileSystem),
                Expected = $"{f.Get(SiteModel.BootServer)}, or no acceptance",
                Hint = "It was accepted for another server; think again before you carry it over.",
            };
        }

        if (f.HasValue(ExportTo) && f.Get(ExportTo) is ExportAudience.Hosts)
        {
            if (f.Has(SiteModel.DefaultProfile))
            {
                yield return new Diagnostic("hosts that are not listed would be offered a menu, but not the root that it names")
                {
                    Where = f.WhereOf(ExportTo),
                    Expected = "'export-to: subnets', or no 'default-profile'",
                };
            }

            if (!f.Has(SiteModel.Hosts))
            {
                yield return new Diagnostic("the root would be exported to nobody") { Where = f.WhereOf(ExportTo), Expected = "'export-to: subnets', or hosts" };
            }
        }

        if (f.Get(Images) is ImagesExport.None && f.Get(Storage) is { Images.Where: { } where })
        {
            yield return new Diagnostic("images of domUs are not exported, but there is storage for them") { Where = where, Hint = "Leave it out." };
        }
    }

    private static ObjectShape<VolumeSettings> Volume(ImageFileVolume byDefault) => new("a file system", [Size, Sparse, Device, Dataset], f => Build(f, byDefault))
    {
        Rules = [new AtMostOne(Size, Device, Dataset), new AtMostOne(Sparse, Device, Dataset), new Checked(CheckSize)],
    };

    private static VolumeSettings Build(Fields f, ImageFileVolume byDefault)
    {
        VolumeSettings built = f.Get(Device) is { } device ? new DeviceVolume(device)
            : f.Get(Dataset) is { } dataset ? new DatasetVolume(dataset)
            : new ImageFileVolume(f.HasValue(Size) ? f.Get(Size) : byDefault.Size, f.Get(Sparse));
        return built with { Where = f.Where };
    }

    private static IEnumerable<Diagnostic> CheckSize(Fields f)
    {
        if (f.HasValue(Size) && f.Get(Size) < ImageFileVolume.SmallestSize)
        {
            yield return new Diagnostic("this is too small for a file system with a generation in it") { Where = f.WhereOf(Size), Expected = "512M or more" };
        }
    }
}
