using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Servers;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>Mounts volumes: by units where systemd runs the machine, by hand elsewhere.</summary>
/// <param name="site">The site.</param>
/// <param name="places">Where they are.</param>
/// <param name="context">Tools.</param>
internal sealed class VolumeMount(Site site, StoragePlaces places, StageContext context)
{
    /// <summary>Mounts one, for good: when this returns it will be mounted after a power cut, too.</summary>
    public async Task MountAsync(ExportVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        var point = places.MountPointOf(volume);
        Directory.CreateDirectory(point, PublicModes.Directory);
        WriteUnits(volume);
        if (places.HasSystemd)
        {
            var unit = Path.GetFileName(VolumeUnits.PlaceOf(volume));
            await context.RunAsync(new ToolCommand("systemctl", "daemon-reload")).ConfigureAwait(false);
            await context.RunAsync(new ToolCommand("systemctl", "enable", "--now", unit) { Hint = $"journalctl -u {unit} tells more" }).ConfigureAwait(false);
            await GiveBlocksBackAsync(volume, point, new ToolCommand("systemctl", "stop", unit), new ToolCommand("systemctl", "start", unit)).ConfigureAwait(false);
            Durable.SyncFileSystem(places.OnDisk(Path.GetDirectoryName(VolumeUnits.GenerationsMount)!));
        }
        else
        {
            await context.RunAsync(Command(volume, places, point)).ConfigureAwait(false);
            await GiveBlocksBackAsync(volume, point, new ToolCommand("umount", point), Command(volume, places, point)).ConfigureAwait(false);
            context.Progress.Note($"'{point}' was mounted by hand, since systemd does not run this machine: a reboot will not do it. A line for /etc/fstab: {FstabLine(volume)}");
        }

        if (MountInfo.Read().At(point) is null)
        {
            throw new BuildFailedException(new Diagnostic($"'{point}' is still not mounted") { Hint = $"See {places.OnDisk(VolumeUnits.PlaceOf(volume))}, which may be a person's own" });
        }
    }

    /// <summary>What is mounted, on this machine's disk.</summary>
    public static string Source(ExportVolume volume, StoragePlaces places)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(places);
        return volume.Settings is ImageFileVolume ? places.ImageOnDisk(volume) : volume.Source;
    }

    // A full image that the loop device had before may have left it unable to.
    private async Task GiveBlocksBackAsync(ExportVolume volume, string point, ToolCommand unmount, ToolCommand mount)
    {
        if (volume.Settings is ImageFileVolume { Sparse: true }
            && MountInfo.Read().At(point) is { } mounted && LoopDevice.Find(mounted.Source) is { GivesBlocksBack: false } loop)
        {
            await context.RunAsync(unmount).ConfigureAwait(false);
            LoopDevice.Forget(loop.Device);
            await context.RunAsync(mount).ConfigureAwait(false);
        }
    }

    private static ToolCommand Command(ExportVolume volume, StoragePlaces places, string point)
    {
        string[] type = VolumeUnits.TypeOf(volume) is { } known ? ["-t", known] : [];
        return new ToolCommand("mount").With([.. type, "-o", string.Join(',', VolumeUnits.MountOptions(volume)), Source(volume, places), point]) with
        {
            Hint = volume.Settings is DatasetVolume ? "The dataset needs mountpoint=legacy: zfs set mountpoint=legacy" : "dmesg may tell more",
        };
    }

    // Its unit, and what is for all: the unit of another volume would say that that one was made, too.
    private void WriteUnits(ExportVolume volume)
    {
        string[] others = [.. ExportVolumes.Of(site).Where(v => v != volume).Select(VolumeUnits.PlaceOf)];
        var files = ServerFiles.Of(site).Where(made => made.File.OfMounts && !others.Contains(made.File.Place)).ToImmutableSortedDictionary(made => made.File.Place, made => made.Text, StringComparer.Ordinal);
        var set = new BootFileSet(ImmutableSortedDictionary<string, BootFile>.Empty, files, null);
        foreach (var warning in new BootFilesWriter(set).WriteServerFiles(places.Root).Select(result => result.Warning).OfType<string>())
        {
            context.Progress.Warn(warning);
        }
    }

    private static string FstabLine(ExportVolume volume)
        => $"{volume.Source} {volume.Place} {VolumeUnits.TypeOf(volume) ?? "auto"} {string.Join(',', VolumeUnits.MountOptions(volume))},nofail 0 0";
}
