using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Storage;

/// <summary>What mounts the exported file systems when the boot server starts, and keeps servers from exporting what is not mounted.</summary>
internal static class VolumeUnits
{
    /// <summary>
    /// Texts by place, without the mark of ownership. None where the site accepts a shared file system: nothing is made for it,
    /// and what was made before stays, since what a unit does not mount any more would be served as an empty directory.
    /// </summary>
    public static IEnumerable<(string Place, string Text)> Render(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        if (site.Storage.SharedAcceptedFor is not null)
        {
            return [];
        }

        var volumes = ExportVolumes.Of(site);
        return
        [
            .. volumes.Select(v => (PlaceOf(v), Text(Mount(v)))),
            (ServerPlaces.GaneshaStart, Text(GaneshaStart(volumes))),
            (ServerPlaces.StorageRules, Text(Rules(volumes))),
        ];
    }

    /// <summary>Where the mount unit of a volume is read; its file's name is the unit's.</summary>
    public static string PlaceOf(ExportVolume volume) => volume.Place == Places.Generations ? ServerPlaces.GenerationsMount : ServerPlaces.ImagesMount;

    /// <summary>
    /// The options that a volume is mounted with. What is exported must be no set-uid program for the server's own users, and
    /// what clients write no device either.
    /// </summary>
    public static ImmutableArray<string> MountOptions(ExportVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return
        [
            .. volume.Settings is ImageFileVolume ? new[] { "loop" } : [],
            .. volume.Settings is ImageFileVolume { Sparse: true } ? new[] { "discard" } : [],
            "nosuid",
            .. volume.Place == Places.DomUImages ? new[] { "nodev" } : [],
        ];
    }

    // A server that lacks a volume must still start, so that somebody can log in: wanted by multi-user.target and by no
    // earlier one, and 'nofail' so that local-fs.target does not wait for it.
    private static IEnumerable<string> Mount(ExportVolume volume) =>
    [
        "[Unit]",
        $"Description=Exported by Dom0Image: {volume.Name}",
        .. volume.Settings is ImageFileVolume ? new[] { $"RequiresMountsFor={StoragePlaces.ImageFiles}" } : [],
        .. volume.Settings is DatasetVolume ? new[] { "After=zfs-import.target" } : [],
        "Before=nfs-ganesha.service nfs-server.service",
        "",
        "[Mount]",
        $"What={StoragePlaces.SourceOf(volume)}",
        $"Where={volume.Place}",
        .. TypeOf(volume) is { } type ? new[] { $"Type={type}" } : [],
        $"Options={string.Join(',', MountOptions(volume))},nofail",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ];

    /// <summary>The file system's type; null for what mount(8) finds.</summary>
    public static string? TypeOf(ExportVolume volume) => volume.Settings switch
    {
        ImageFileVolume => "xfs",
        DatasetVolume => "zfs",
        _ => null,
    };

    // The unit's requirement alone would not see that somebody unmounted it by hand.
    private static IEnumerable<string> GaneshaStart(ImmutableArray<ExportVolume> volumes) =>
    [
        "[Unit]",
        $"RequiresMountsFor={string.Join(' ', volumes.Select(v => v.Place))}",
        "",
        "[Service]",
        .. volumes.Select(v => $"ExecStartPre=/usr/bin/mountpoint -q {v.Place}"),
    ];

    // fstrim.timer would give the blocks of a full image back to the host's disk, which may be full when they are needed again.
    private static IEnumerable<string> Rules(ImmutableArray<ExportVolume> volumes)
        => from volume in volumes
           where volume.Settings is ImageFileVolume { Sparse: false }
           select $"ACTION==\"add|change\", SUBSYSTEM==\"block\", KERNEL==\"loop[0-9]*\", TEST==\"loop/backing_file\", "
               + $"ATTR{{loop/backing_file}}==\"{StoragePlaces.ImageFileOf(volume)}\", ATTR{{queue/discard_max_bytes}}=\"0\"";

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
