using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>Shows what a site's exports lie on, and who runs from them.</summary>
internal static class StorageReport
{
    /// <summary>Tells it, a line each.</summary>
    /// <param name="site">The site.</param>
    /// <param name="places">Where it is.</param>
    /// <param name="context">Told.</param>
    /// <returns>The border's verdict.</returns>
    public static async Task<string> TellAsync(Site site, StoragePlaces places, StageContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var volume in ExportVolumes.Of(site))
        {
            context.Progress.Note(Line(VolumeState.Read(volume, places), places));
        }

        var clients = NfsClients.Connected();
        context.Progress.Note(clients.IsEmpty
            ? "clients: none is connected (one that did nothing for five minutes is not, either)"
            : $"clients: {clients.Length} are connected: {NfsClients.Names(site, clients)}");
        if (ExportVolumes.Of(site).Any(volume => !Directory.Exists(places.MountPointOf(volume))))
        {
            return "exports: not all of them are there.";
        }

        try
        {
            return await ExportGate.PassAsync(site, places, context).ConfigureAwait(false);
        }
        catch (BuildFailedException problem)
        {
            foreach (var found in problem.Diagnostics)
            {
                context.Progress.Warn($"{found}");
            }

            return "exports: more can be reached through them than they hold, or nothing; nothing is published until that is put right.";
        }
    }

    private static string Line(VolumeState state, StoragePlaces places)
    {
        var head = $"{state.Volume.Name}: {places.MountPointOf(state.Volume)}";
        if (state.Mount is not { } mount)
        {
            return $"{head}: no file system of its own is mounted there";
        }

        var space = FileSystemSpace.Of(mount.Point);
        var text = $"{head} on {mount.Source} ({mount.Type}): {HumanText.Size(space.Size)}, {HumanText.Size(space.Used)} used, {HumanText.Size(space.Free)} free";
        return state.Image is { } image
            ? $"{text}; in {image.Path}, which takes {HumanText.Size(state.ImageBytes)}; its disk has {HumanText.Size(FileSystemSpace.Of(Path.GetDirectoryName(image.Path)!).Free)} left"
            : text;
    }
}
