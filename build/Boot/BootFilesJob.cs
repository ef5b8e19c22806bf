using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Stages;

namespace Dom0Image.Boot;

/// <summary>Makes, checks and puts in place the boot files of a site, for the generation that hosts boot now: no image is built.</summary>
public static class BootFilesJob
{
    /// <summary>Does it. Without a published generation there are no menus, since a menu names one; the servers' files are made all the same.</summary>
    /// <param name="site">The site.</param>
    /// <param name="places">Where to publish; its lock is held by the caller.</param>
    /// <param name="context">Store and tools.</param>
    /// <returns>Places, without the prefix, that changed.</returns>
    public static async Task<ImmutableArray<string>> RunAsync(Site site, Places places, StageContext context)
    {
        var generation = PublishedGeneration.Current(places);
        var set = BootFiles.Generate(site, generation);
        await BootFileCheck.CheckAsync(set, context, file => PublishedGeneration.Serves(places, file)).ConfigureAwait(false);
        var images = await GrubImages.MakeAsync(context, set.Serial).ConfigureAwait(false);
        var writer = new BootFilesWriter(set);
        if (generation is null)
        {
            context.Progress.Note($"no generation is published below '{places.OnDisk("/")}', so that there is nothing for menus to name: ./build.sh makes one");
            return writer.WriteServed(places, images, context.Progress);
        }

        var menus = Path.Combine(context.Store.Work, $"menus-{set.MenuKey}-{Guid.NewGuid():N}");
        writer.WriteMenus(menus);
        try
        {
            var request = new PublicationRequest(generation.GenerationId, new MenuSet(set.MenuKey, menus))
            {
                WriteServerFiles = () => writer.WriteServed(places, images, context.Progress),
            };
            return new Publication(places).Publish(request).Changed;
        }
        finally
        {
            Posix.SafeDelete.Tree(menus);
        }
    }
}
