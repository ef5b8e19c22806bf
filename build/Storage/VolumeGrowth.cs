using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>
/// Makes image files larger under clients that run: the file, its loop device, and the file system in it. Each step finds
/// done what a killed run did.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="places">Where it is; the build lock is held by the caller.</param>
/// <param name="context">Tools.</param>
internal sealed class VolumeGrowth(Site site, StoragePlaces places, StageContext context)
{
    /// <summary>Grows them.</summary>
    /// <param name="sizes">Bytes, by the volume's name.</param>
    /// <exception cref="BuildFailedException">All that keeps one of them from it; none was grown.</exception>
    public async Task GrowAsync(ImmutableSortedDictionary<string, long> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        MoveJournal.RefuseHalfMoved(site, places);
        var wanted = sizes.Select(s => (State: StateOf(s.Key), Size: s.Value)).ToImmutableArray();
        Diagnostic[] problems = [.. wanted.SelectMany(w => Problems(w.State, w.Size)), .. Room(wanted)];
        if (problems.Length > 0)
        {
            throw new BuildFailedException(problems);
        }

        foreach (var (state, size) in wanted)
        {
            await GrowAsync(state, (ImageFileVolume)state.Volume.Settings, size).ConfigureAwait(false);
        }
    }

    private async Task GrowAsync(VolumeState state, ImageFileVolume settings, long size)
    {
        var image = state.Image!.Value;
        context.Progress.Report($"growing {state.Volume.Name}");
        if (settings.Sparse)
        {
            FileChange.SetSize(image.Path, size);
        }
        else
        {
            await AllocateAsync(image, size).ConfigureAwait(false);
        }

        Durable.SyncFile(image.Path);
        await context.RunAsync(new ToolCommand("losetup", "--set-capacity", state.Loop!.Device)).ConfigureAwait(false);
        await context.RunAsync(new ToolCommand("xfs_growfs", "-d", state.Mount!.Point)).ConfigureAwait(false);
        context.Progress.Note($"{state.Volume.Name} has {SizeWords.Of(size)} now{(settings.Size == size ? "" : $"; {WhereToSay(settings)}: write 'size: {SizeWords.Of(size)}' under 'storage: {state.Volume.Name}', so that the site and the disk agree")}");
    }

    private async Task AllocateAsync(FileNode image, long size)
    {
        try
        {
            await context.RunAsync(new ToolCommand("fallocate", "--length", VolumeImage.Bytes(size), image.Path)).ConfigureAwait(false);
        }
        catch (ToolFailedException problem)
        {
            // What the loop device does not know of yet can be given back.
            FileChange.SetSize(image.Path, image.Size);
            throw DiskSpace.Explain(problem, Path.GetDirectoryName(image.Path)!) ?? problem;
        }
    }

    private IEnumerable<Diagnostic> Problems(VolumeState state, long size)
    {
        if (state.Volume.Settings is not ImageFileVolume)
        {
            yield return new Diagnostic($"{state.Volume.Name} lies on {state.Volume.Source}, which is yours to grow")
            {
                Hint = $"Grow the device, and then what is on it: xfs_growfs {state.Volume.Place}, or resize2fs {state.Volume.Source}",
            };
        }
        else if (state is not { Image: { } image, Mount: { } mount, Loop: not null } || mount.Type != "xfs")
        {
            yield return new Diagnostic($"{state.Volume.Name} cannot be grown: its image file '{places.ImageOnDisk(state.Volume)}' is not mounted at '{places.MountPointOf(state.Volume)}'")
            {
                Hint = "./build.sh --target=Storage shows what is",
            };
        }
        else if (size < image.Size)
        {
            yield return new Diagnostic($"{state.Volume.Name} has {SizeWords.Of(image.Size)}: an image is never made smaller") { Expected = $"--grow={state.Volume.Name}=SIZE of more than that" };
        }
    }

    private IEnumerable<Diagnostic> Room(ImmutableArray<(VolumeState State, long Size)> wanted)
        => VolumeRoom.Check(
            [.. wanted.Where(w => w.State is { Image: not null, Volume.Settings: ImageFileVolume { Sparse: false } }).Select(w => (w.State.Volume, w.Size - w.State.ImageBytes))],
            places.OnDisk(ExportVolume.ImageFiles) is var directory && Directory.Exists(directory) ? directory : "/");

    private VolumeState StateOf(string name)
        => ExportVolumes.Of(site).FirstOrDefault(v => v.Name == name) is { } volume
            ? VolumeState.Read(volume, places)
            : throw new BuildFailedException(new Diagnostic($"site {site.Name} exports no {name}"));

    private SourceLocation WhereToSay(ImageFileVolume settings) => settings.Where ?? new SourceLocation(UserPath.Of(site.File));
}
