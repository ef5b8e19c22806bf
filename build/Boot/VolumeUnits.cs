using System.Collections.Immutable;
using Dom0Image.Boot.Nfs;
using Dom0Image.Boot.Servers;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>What mounts the exported file systems when the boot server starts, and keeps servers from exporting what is not mounted.</summary>
internal static class VolumeUnits
{
    /// <summary>Mounts generations.</summary>
    public const string GenerationsMount = "/etc/systemd/system/opt-ondemand-generations.mount";

    /// <summary>Mounts images of domUs.</summary>
    public const string ImagesMount = "/etc/systemd/system/opt-ondemand-imgs.mount";

    /// <summary>Keeps blocks of image files that are allocated in full.</summary>
    public const string StorageRules = "/etc/udev/rules.d/60-dom0image-storage.rules";

    // Asked of a device without a node, so that none is touched. 'udevadm verify' is not in Debian 12.
    private const string ReadRules =
        """
        for place in /usr/lib/udev/rules.d /run /etc/udev/rules.d; do
          mkdir -p "$place"
          mount -t tmpfs tmpfs "$place"
        done
        cat > "$1"
        said=$(udevadm test --action=add /sys/class/net/lo 2>&1)
        echo "$said" | grep -q -F "$1"
        if echo "$said" | grep -F "$1:" >&2; then
          exit 1
        fi
        """;

    /// <summary>The files.</summary>
    public static ImmutableArray<ServerFile> Files { get; } =
    [
        new(GenerationsMount, site => Mount(site, Places.Generations), ServerFileCheck.Unit(GenerationsMount)) { OfMounts = true },
        new(ImagesMount, site => Mount(site, Places.DomUImages), ServerFileCheck.Unit(ImagesMount)) { OfMounts = true },
        new(StorageRules, site => AreMade(site) ? Rules(ExportVolumes.Of(site)) : null, ServerFileCheck.Isolated("udevadm", "udev", ReadRules, _ => [StorageRules]))
        {
            OfMounts = true,
            MayBeEmpty = set => !NeedsRules(set),
        },
    ];

    /// <summary>
    /// Whether a site has any. Not where it accepts a shared file system: nothing is made for it, and what was made before stays, since
    /// what a unit does not mount any more would be served as an empty directory.
    /// </summary>
    public static bool AreMade(Site site) => site.Storage.SharedAcceptedFor is null;

    /// <summary>Where the mount unit of a volume is read; its file's name is the unit's.</summary>
    public static string PlaceOf(ExportVolume volume) => volume.Place == Places.Generations ? GenerationsMount : ImagesMount;

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

    private static IEnumerable<string>? Mount(Site site, string place)
        => AreMade(site) && ExportVolumes.Of(site).FirstOrDefault(volume => volume.Place == place) is { } volume ? Mount(volume) : null;

    // A server that lacks a volume must still start, so that somebody can log in: wanted by multi-user.target and by no
    // earlier one, and 'nofail' so that local-fs.target does not wait for it.
    private static IEnumerable<string> Mount(ExportVolume volume) =>
    [
        "[Unit]",
        $"Description=Exported by Dom0Image: {volume.Name}",
        .. volume.Settings is ImageFileVolume ? new[] { $"RequiresMountsFor={ExportVolume.ImageFiles}" } : [],
        .. volume.Settings is DatasetVolume ? new[] { "After=zfs-import.target" } : [],
        $"Before={NfsServers.Units}",
        "",
        "[Mount]",
        $"What={volume.Source}",
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

    // fstrim.timer would give the blocks of a full image back to the host's disk, which may be full when they are needed again.
    private static IEnumerable<string> Rules(ImmutableArray<ExportVolume> volumes)
        => from volume in volumes
           where volume.Settings is ImageFileVolume { Sparse: false }
           select $"ACTION==\"add|change\", SUBSYSTEM==\"block\", KERNEL==\"loop[0-9]*\", TEST==\"loop/backing_file\", "
               + $"ATTR{{loop/backing_file}}==\"{volume.ImageFile}\", ATTR{{queue/discard_max_bytes}}=\"0\"";

    // They keep the blocks of image files that are allocated in full.
    private static bool NeedsRules(BootFileSet set)
        => set.ServerFiles.Values.SelectMany(file => file.Content.Split('\n')).Any(line => line.StartsWith("Options=loop,", StringComparison.Ordinal) && !line.Contains("discard", StringComparison.Ordinal));
}
