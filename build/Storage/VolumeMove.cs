using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>
/// Moves what an existing installation has on its one disk to file systems of their own. Whoever kills it finds one whole
/// tree that counts, and the next run goes on, because:
/// <list type="number">
/// <item>The copy goes into a file system that was empty, mounted where nobody sees it. Until it was compared with the old tree
/// and written out, the old one counts, in its place.</item>
/// <item>That the old tree stands aside, by one rename(2), says that the copy is whole. From then on the new one counts.</item>
/// <item>The old tree is deleted last, when the new one is mounted, for good.</item>
/// </list>
/// While a move is not over nothing is published.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="places">Where it is; the build lock is held by the caller.</param>
/// <param name="context">Tools.</param>
internal sealed class VolumeMove(Site site, StoragePlaces places, StageContext context)
{
    /// <summary>Moves what has to be moved, or goes on with it.</summary>
    /// <param name="despiteClients">Whether to do it under clients that run: their roots end.</param>
    /// <returns>What was moved. NFS servers that were stopped for it stay so: the caller starts them when all exports are mounted.</returns>
    /// <exception cref="BuildFailedException">It cannot be done; the old trees are in their places.</exception>
    public async Task<ImmutableArray<ExportVolume>> MoveAsync(bool despiteClients)
    {
        var volumes = ExportVolumes.Of(site).Where(NeedsMove).ToImmutableArray();
        if (volumes.IsEmpty)
        {
            return volumes;
        }

        // What keeps a tree from being moved is told before any server is stopped.
        ImmutableArray<ExportVolume> begun = [.. volumes.Where(v => Journal(v).Read() is MoveStep.None)];
        RequireDirectories(begun);
        var servers = new NfsPause(site, places, context);
        servers.Require(despiteClients);
        foreach (var volume in begun)
        {
            await PrepareAsync(volume).ConfigureAwait(false);
        }

        await servers.StopAsync().ConfigureAwait(false);
        foreach (var volume in volumes)
        {
            await MoveAsync(volume).ConfigureAwait(false);
        }

        return volumes;
    }

    private async Task MoveAsync(ExportVolume volume)
    {
        var journal = Journal(volume);
        var place = places.MountPointOf(volume);
        if (journal.Read() is MoveStep.None)
        {
            journal.Write(MoveStep.Copying);
        }

        if (journal.Read() is MoveStep.Copying)
        {
            RequireNotMounted(volume);
            await new TreeCopy(volume, places, context).CopyAsync(place).ConfigureAwait(false);
            context.Progress.Report($"setting the old {volume.Name} aside");
            Durable.RenameAndSync(place, journal.OldTree);
            journal.Write(MoveStep.Copied);
        }

        if (VolumeState.Read(volume, places).Mount is null)
        {
            context.Progress.Report($"mounting {volume.Name}");
            await new VolumeMount(site, places, context).MountAsync(volume).ConfigureAwait(false);
        }

        context.Progress.Report($"deleting the old {volume.Name}");
        SafeDelete.Tree(journal.OldTree);
        Durable.SyncDirectory(Path.GetDirectoryName(place)!);
        new TreeCopy(volume, places, context).CleanUp();
        journal.Delete();
        context.Progress.Note($"moved {volume.Name} to {volume.Source}, mounted at {volume.Place}");
    }

    private async Task PrepareAsync(ExportVolume volume)
    {
        Directory.CreateDirectory(places.OnDisk(ExportVolume.ImageFiles), PrivateModes.Directory);
        var state = VolumeState.Read(volume, places);
        Diagnostic[] problems = [.. (await new VolumeCheck(site, places, context).CheckAsync(state with { HasContent = false }).ConfigureAwait(false)), .. await CheckSizeAsync(volume).ConfigureAwait(false)];
        if (problems.Length > 0)
        {
            throw new BuildFailedException(problems);
        }

        await new VolumeSetup(site, places, context).MakeImagesAsync([state]).ConfigureAwait(false);
        context.Progress.Report($"looking into the new {volume.Name}");
        var there = await new TreeCopy(volume, places, context).ContentAsync().ConfigureAwait(false);
        if (there.Count > 0)
        {
            throw new BuildFailedException(new Diagnostic($"both '{places.MountPointOf(volume)}' and the file system on {VolumeMount.Source(volume, places)} hold something ({string.Join(", ", there.Take(5))}): which of them counts cannot be told")
            {
                Hint = "Move the directory aside and mount the file system, or empty it",
            });
        }
    }

    // What it takes, and what XFS keeps for itself: its log above all.
    private async Task<Diagnostic[]> CheckSizeAsync(ExportVolume volume)
    {
        const long KeptByXfs = 96L << 20;
        var place = places.MountPointOf(volume);
        var used = await context.RunAsync(new ToolCommand("du", "--summarize", "--block-size=1", place)).ConfigureAwait(false);
        var needed = (long.Parse(used.Output.Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture) / 100 * 105) + KeptByXfs;
        return volume.Settings is ImageFileVolume image && image.Size < needed
            ?
            [
                new Diagnostic($"'{place}' holds more than {volume.Name} is to have: {HumanText.Size(needed)} are needed, and it would have {HumanText.Size(image.Size)}")
                {
                    Where = image.Where ?? new SourceLocation(UserPath.Of(site.File)),
                    Expected = $"'size: {((needed * 3 / 2) >> 30) + 1}G' or the like under 'storage: {volume.Name}'",
                },
            ]
            : [];
    }

    private void RequireDirectories(IEnumerable<ExportVolume> volumes)
    {
        Diagnostic[] problems =
        [
            .. from volume in volumes
               let place = places.MountPointOf(volume)
               from problem in FileNode.Get(place).IsDirectory
                   ? MountTable.Below(place).Select(nested => new Diagnostic($"'{nested}' is mounted in what is to be moved") { Hint = $"umount {nested}" })
                   : [new Diagnostic($"'{place}' is no directory, but a {FileNode.Get(place).TypeName}") { Hint = "Put the directory itself there" }]
               select problem,
        ];
        if (problems.Length > 0)
        {
            throw new BuildFailedException(problems);
        }
    }

    private void RequireNotMounted(ExportVolume volume)
    {
        var place = places.MountPointOf(volume);
        if (VolumeState.Read(volume, places).Mount is { } mount)
        {
            throw new BuildFailedException(new Diagnostic($"'{place}' was half copied when {ExportBorder.NameOf(mount)} was mounted over it") { Hint = $"umount {place}, and start it again" });
        }
    }

    // What a site accepts is not moved, but what was begun is ended.
    private bool NeedsMove(ExportVolume volume)
        => Journal(volume).Read() is not MoveStep.None
            || (site.Storage.SharedAcceptedFor is null && VolumeState.Read(volume, places) is { Mount: null, HasContent: true });

    private MoveJournal Journal(ExportVolume volume) => new(volume, places);
}
