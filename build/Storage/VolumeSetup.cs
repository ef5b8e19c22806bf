using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>
/// Makes and mounts what a site's exports lie on, before anything is put there. What is mounted stays as it is; nothing is
/// mounted over what a directory holds, and no file system is made on a device.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="places">Where it is; the build lock is held by the caller.</param>
/// <param name="context">Tools.</param>
internal sealed class VolumeSetup(Site site, StoragePlaces places, StageContext context)
{
    /// <summary>Does it.</summary>
    /// <returns>What was mounted now.</returns>
    /// <exception cref="BuildFailedException">All that keeps it from being done; nothing was made.</exception>
    public async Task<ImmutableArray<ExportVolume>> EnsureAsync()
    {
        MoveJournal.RefuseHalfMoved(site, places);
        if (site.Storage.SharedAcceptedFor is not null)
        {
            foreach (var volume in ExportVolumes.Of(site))
            {
                Directory.CreateDirectory(places.MountPointOf(volume), PublicModes.Directory);
            }

            return [];
        }

        var states = Read();
        var missing = states.Where(s => s.Mount is null).ToImmutableArray();
        var found = new List<Diagnostic>();
        foreach (var state in states)
        {
            found.AddRange(await new VolumeCheck(site, places, context).CheckAsync(state).ConfigureAwait(false));
        }

        if (found.Count > 0)
        {
            throw new BuildFailedException(found);
        }

        await MakeImagesAsync(missing).ConfigureAwait(false);
        foreach (var state in missing)
        {
            await new VolumeMount(site, places, context).MountAsync(state.Volume).ConfigureAwait(false);
            context.Progress.Note($"mounted {state.Volume.Name}: {state.Volume.Source} at {state.Volume.Place}");
        }

        await KeepBlocksAsync().ConfigureAwait(false);
        return [.. missing.Select(s => s.Volume)];
    }

    /// <summary>Makes the image files that are not there, after all checks of room and of loop devices.</summary>
    public async Task MakeImagesAsync(ImmutableArray<VolumeState> states)
    {
        var unmade = states.Where(s => s.Volume.Settings is ImageFileVolume && s.Image is null).ToImmutableArray();
        if (states.Any(s => s.Volume.Settings is ImageFileVolume))
        {
            await RequireLoopDeviceAsync().ConfigureAwait(false);
        }

        if (unmade.IsEmpty)
        {
            return;
        }

        var directory = places.OnDisk(ExportVolume.ImageFiles);
        Directory.CreateDirectory(Path.GetDirectoryName(directory)!, PublicModes.Directory);
        Directory.CreateDirectory(directory, PrivateModes.Directory);
        Diagnostic[] noRoom = [.. VolumeRoom.Check([.. unmade.Where(s => !Settings(s).Sparse).Select(s => (s.Volume, Settings(s).Size))], directory)];
        if (noRoom.Length > 0)
        {
            throw new BuildFailedException(noRoom);
        }

        foreach (var state in unmade)
        {
            context.Progress.Report($"making {state.Volume.Name}.img");
            await VolumeImage.MakeAsync(places.ImageOnDisk(state.Volume), Settings(state).Size, Settings(state).Sparse, context).ConfigureAwait(false);
        }
    }

    /// <summary>Sees to it that full images have all their blocks and keep them, and tells of sparse ones whose disk fills up.</summary>
    public async Task KeepBlocksAsync()
    {
        var states = Read();
        foreach (var state in states.Where(s => s.Volume.Settings is ImageFileVolume { Sparse: false } && s.Image is not null))
        {
            state.Loop?.KeepBlocks();
            if (state.MayGrow > 0)
            {
                await AllocateAgainAsync(state).ConfigureAwait(false);
            }
        }

        foreach (var warning in VolumeRoom.Warnings(states))
        {
            context.Progress.Warn(warning);
        }
    }

    private async Task AllocateAgainAsync(VolumeState state)
    {
        var image = state.Image!.Value;
        Diagnostic[] noRoom = [.. VolumeRoom.Check([(state.Volume, state.MayGrow)], Path.GetDirectoryName(image.Path)!)];
        if (noRoom.Length > 0)
        {
            context.Progress.Warn($"'{image.Path}' lacks {HumanText.Size(state.MayGrow)} of its blocks: {noRoom[0]}");
            return;
        }

        // Not --posix, which would write where the file system may write too.
        await context.RunAsync(new ToolCommand("fallocate", "--length", VolumeImage.Bytes(image.Size), image.Path)).ConfigureAwait(false);
        var lacks = VolumeState.Read(state.Volume, places).MayGrow;
        context.Progress.Note(lacks == 0
            ? $"'{image.Path}' had given {HumanText.Size(state.MayGrow)} back to the disk; they are allocated again"
            : $"'{image.Path}' lacks {HumanText.Size(lacks)} of its blocks, and its disk's file system keeps none for it: see that the disk does not fill up");
    }

    private async Task RequireLoopDeviceAsync()
    {
        try
        {
            await context.RunAsync(new ToolCommand("losetup", "--find")).ConfigureAwait(false);
        }
        catch (ToolFailedException problem)
        {
            throw new BuildFailedException(
                new Diagnostic("image files are mounted through loop devices, and there is none here: this may be a container")
                {
                    Where = site.Storage.Generations.Where,
                    Hint = $"Name devices in the site ('storage: {{ generations: {{ device: /dev/... }}, imgs: {{ device: /dev/... }} }}'), accept that exports are no border ('shared-file-system: {{ accepted: {site.BootServer} }}'), or publish below a --prefix=",
                },
                problem);
        }
    }

    private ImmutableArray<VolumeState> Read() => [.. ExportVolumes.Of(site).Select(volume => VolumeState.Read(volume, places))];

    private static ImageFileVolume Settings(VolumeState state) => (ImageFileVolume)state.Volume.Settings;
}
