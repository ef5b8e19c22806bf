using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Xen.Guest;

namespace Dom0Image.Pipeline;

/// <summary>Publishes the example guest that comes with a generation.</summary>
internal static class GuestPublishing
{
    /// <summary>Places it among the domU images; nothing where none are exported, or for a generation whose kernels cannot run as guests.</summary>
    /// <param name="site">Where it is served.</param>
    /// <param name="places">Where to publish.</param>
    /// <param name="generation">A finished generation.</param>
    /// <param name="stage">Store and tools.</param>
    /// <returns>Whether anything changed.</returns>
    /// <exception cref="BuildFailedException">It cannot be made, or the disk is full.</exception>
    public static async Task<bool> PublishAsync(Site site, Places places, string generation, StageContext stage)
    {
        var tree = GenerationTree.Finished(places, generation);
        var images = places.OnDisk(Places.DomUImages);
        if (site.Images is ImagesExport.None || ExampleGuest.KernelOf(tree) is not { } kernel)
        {
            return false;
        }

        try
        {
            var guest = await ExampleGuest.MakeAsync(kernel, stage).ConfigureAwait(false);
            Directory.CreateDirectory(images, PublicModes.Directory);
            return guest.PlaceIn(images);
        }
        catch (IOException problem) when (DiskSpace.Explain(problem, tree.ImageDirectory) is { } full)
        {
            throw full;
        }
    }
}
