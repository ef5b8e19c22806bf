using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>Whether what there is of a volume fits what the site says of it.</summary>
/// <param name="site">The site.</param>
/// <param name="places">Where it is.</param>
/// <param name="context">Tools.</param>
internal sealed class VolumeCheck(Site site, StoragePlaces places, StageContext context)
{
    /// <summary>What keeps it from being used.</summary>
    public async Task<IEnumerable<Diagnostic>> CheckAsync(VolumeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var size = state is { Volume.Settings: ImageFileVolume image, Image: { } file } ? CheckSize(state, image, file.Size) : [];
        if (state.Mount is { } mount && !IsMeant(state, mount))
        {
            context.Progress.Warn($"{WhereOf(state)}: {state.Volume.Name} lies on {mount.Source}, and the site names {state.Volume.Source}");
        }

        return state.Mount is not null ? size : [.. size, .. CheckPlace(state), .. await CheckSourceAsync(state).ConfigureAwait(false)];
    }

    private static bool IsMeant(VolumeState state, MountEntry mount) => state.Volume.Settings switch
    {
        DeviceVolume device => DeviceNumber.OfBlockDevice(device.Device) == mount.Device,
        DatasetVolume dataset => mount.Source == dataset.Dataset,
        _ => state.Loop is not null,
    };

    private IEnumerable<Diagnostic> CheckSize(VolumeState state, ImageFileVolume wanted, long size)
    {
        if (size < wanted.Size)
        {
            context.Progress.Warn($"{WhereOf(state)}: {state.Volume.Name} is to have {Words(wanted.Size)} and has {Words(size)}: ./build.sh --target=Storage --grow={state.Volume.Name}={Words(wanted.Size)} --site={site.Name} grows it, under running clients too");
        }
        else if (size > wanted.Size)
        {
            yield return new Diagnostic($"{state.Volume.Name} has {Words(size)}, and the site says {Words(wanted.Size)}: an image is never made smaller")
            {
                Where = WhereOf(state),
                Expected = $"'size: {Words(size)}' or more under 'storage: {state.Volume.Name}'",
            };
        }
    }

    private IEnumerable<Diagnostic> CheckPlace(VolumeState state)
    {
        var point = places.MountPointOf(state.Volume);
        if (state.HasContent)
        {
            yield return new Diagnostic($"'{point}' holds something and shares a file system with the rest of this server: {ExportBorder.NameOf(MountInfo.Read().Holding(point))}")
            {
                Hint = $"'./build.sh --target=Storage --site={site.Name}' moves it to a file system of its own; or accept in the site that whoever may mount it can reach all of that ('shared-file-system: {{ accepted: {site.BootServer} }}')",
            };
        }
    }

    private async Task<IEnumerable<Diagnostic>> CheckSourceAsync(VolumeState state)
    {
        switch (state.Volume.Settings)
        {
            case ImageFileVolume when state is { Image: null, WasMade: true }:
                var unit = places.OnDisk(VolumeUnits.PlaceOf(state.Volume));
                return [new Diagnostic($"the image file '{places.ImageOnDisk(state.Volume)}' is gone, with all that it held") { Hint = $"Bring it back. To have an empty one made, delete {unit}" }];
            case DeviceVolume device:
                return await CheckDeviceAsync(device).ConfigureAwait(false);
            case DatasetVolume dataset when ToolPath.Find("zfs") is null:
                return [new Diagnostic($"the dataset {dataset.Dataset} cannot be mounted: there is no program zfs") { Where = dataset.Where, Hint = "Install zfsutils-linux" }];
            default:
                return [];
        }
    }

    private async Task<Diagnostic[]> CheckDeviceAsync(DeviceVolume volume)
    {
        if (DeviceNumber.OfBlockDevice(volume.Device) is not { } number)
        {
            return [new Diagnostic($"there is no block device {volume.Device}") { Where = volume.Where }];
        }

        if (MountInfo.Read().Entries.FirstOrDefault(e => e.Device == number) is { } mounted)
        {
            return [new Diagnostic($"{volume.Device} is mounted at {mounted.Point}: an export shares its file system with nothing") { Where = volume.Where, Hint = $"umount {mounted.Point}, and take it out of /etc/fstab" }];
        }

        // 2: nothing was found.
        var type = await context.RunAsync(new ToolCommand("blkid", "-p", "-o", "value", "-s", "TYPE", volume.Device) { SuccessCodes = [0, 2] }).ConfigureAwait(false);
        return type.Lines.Count > 0 ? [] :
        [
            new Diagnostic($"there is no file system on {volume.Device}, and none is made on a device that a person named") { Where = volume.Where, Hint = $"mkfs.xfs -m reflink=1 {volume.Device}" },
        ];
    }

    private SourceLocation WhereOf(VolumeState state) => state.Volume.Settings.Where ?? new SourceLocation(UserPath.Of(site.File));

    private static string Words(long size) => SizeWords.Of(size);
}
