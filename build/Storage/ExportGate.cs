using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Storage;

/// <summary>Lets nothing be published that would give clients more than the exports, unless the site accepted it in so many words.</summary>
internal static class ExportGate
{
    /// <summary>Checks the exports of a boot server; below a prefix nothing is exported, and only that is told.</summary>
    /// <returns>A sentence for the run's summary: what can be reached, and by whom.</returns>
    /// <exception cref="BuildFailedException">More can be reached than the exports; or nothing could be exported.</exception>
    public static Task<string> PassAsync(Site site, Places places, StageContext context)
    {
        ArgumentNullException.ThrowIfNull(places);
        return places.Prefix.Length == 0
            ? PassAsync(site, StoragePlaces.Real, context)
            : Task.FromResult($"exports: none; the tree below {places.Prefix} is not fit to be exported as it lies, on a file system with other things: whoever may mount it could reach them all.");
    }

    /// <summary>Checks the exports below a root.</summary>
    public static async Task<string> PassAsync(Site site, StoragePlaces places, StageContext context)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(places);
        MoveJournal.RefuseHalfMoved(site, places);
        var volumes = ExportVolumes.Of(site);
        if (volumes.Select(places.MountPointOf).Where(place => !Directory.Exists(place)).ToArray() is { Length: > 0 } missing)
        {
            throw new BuildFailedException([.. missing.Select(place => new Diagnostic($"{place} is not there") { Hint = $"Is its file system mounted? findmnt {place}" })]);
        }

        var reading = await BorderReading.ReadAsync(volumes.Select(places.MountPointOf), context).ConfigureAwait(false);
        var found = site.Storage.SharedAcceptedFor is null ? reading.Check() : reading.CheckHandles();
        if (!found.IsEmpty)
        {
            throw new BuildFailedException(found);
        }

        ImmutableArray<(ExportVolume Volume, MountEntry Mount)> lies = [.. volumes.Select(v => (v, reading.MountOf(places.MountPointOf(v))))];
        var shared = lies.RemoveAll(l => reading.CheckOne(places.MountPointOf(l.Volume)).IsEmpty);
        return shared.IsEmpty
            ? $"exports: {string.Join(", ", lies.Select(Describe))}: nothing else can be reached through them."
            : SharedExports.Describe(site, shared);
    }

    private static string Describe((ExportVolume Volume, MountEntry Mount) export)
    {
        var space = FileSystemSpace.Of(export.Mount.Point);
        return $"{export.Volume.Name} on {export.Mount.Source} ({export.Mount.Type}, {HumanText.Size(space.Size)}, {HumanText.Size(space.Free)} free)";
    }
}
