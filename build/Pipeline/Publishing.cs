using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Stages;

namespace Dom0Image.Pipeline;

/// <summary>Publishes a generation with its boot files, in the order that never shows a client half of it.</summary>
public static class Publishing
{
    /// <summary>Publishes, and tells what needs the administrator's eye.</summary>
    /// <returns>The places, without the prefix, that changed.</returns>
    /// <exception cref="Diagnostics.BuildFailedException">Something that is not ours is in the way, or the disk is full; hosts boot what they booted before.</exception>
    public static ImmutableArray<string> Publish(Places places, string generation, PreparedBootFiles files, IStageProgress progress)
    {
        var writer = new BootFilesWriter(files.Set);
        var menus = places.OnDisk($"{Places.Menus}/{files.Set.MenuKey}");
        writer.WriteMenus(menus);
        return new Publication(places).Publish(new PublicationRequest(generation, new MenuSet(files.Set.MenuKey, menus))
        {
            WriteServerFiles = () => writer.WriteServed(places, files.Loaders, progress),
        }).Changed;
    }
}
