using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Boot;

/// <summary>Makes, checks and puts in place the boot files of a site for a generation that is there: no image is built.</summary>
internal static class BootFilesJob
{
    /// <summary>Does it. Without a published generation there are no menus, since a menu names one; the servers' files are made all the same.</summary>
    /// <param name="site">The site.</param>
    /// <param name="generation">The generation that hosts are to boot; null for the one that they boot now.</param>
    /// <param name="places">Where to publish; its lock is held by the caller.</param>
    /// <param name="context">Store and tools.</param>
    /// <param name="beforePublishing">Whatever must hold before the first change; throws when it does not.</param>
    /// <returns>Places, without the prefix, that changed.</returns>
    /// <exception cref="Diagnostics.BuildFailedException">There is no such generation, a file is refused by its tool, or publishing failed.</exception>
    public static async Task<ImmutableArray<string>> RunAsync(Site site, string? generation, Places places, StageContext context, Func<Task>? beforePublishing = null)
    {
        var boot = generation is null ? PublishedGeneration.Current(places) : PublishedGeneration.Named(places, generation);
        AccountShifts.Tell(generation, places, context.Progress);
        using var files = await PreparedBootFiles.MakeAsync(site, boot, places, context).ConfigureAwait(false);
        if (boot is null)
        {
            context.Progress.Note($"no generation is published below '{places.OnDisk("/")}', so that there is nothing for menus to name: ./build.sh makes one");
        }

        if (beforePublishing is not null)
        {
            await beforePublishing().ConfigureAwait(false);
        }

        return files.Publish(places, context, goesBack: generation is not null);
    }
}
