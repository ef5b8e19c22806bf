using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Directories of the build machine that tell, where a file of an image names one, that the build leaked into it.</summary>
internal static class HostPaths
{
    /// <summary>
    /// The store, the prefix and the checkout, and what is always in them: a prefix such as <c>/srv</c> is a name that any
    /// image may use, which the image's check leaves out, while <c>/srv/opt/ondemand</c> can only be ours.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="places">Where is published. Without a prefix those are names that images use by right.</param>
    /// <param name="repository">The checkout.</param>
    public static ImmutableArray<string> Of(BuildStore store, Places places, string repository)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(places);
        string[] published = places.Prefix.Length > 0 ? [places.Prefix, places.OnDisk(Places.Images), places.OnDisk(Places.Tftp)] : [];
        return
        [
            store.Root, store.Work, store.Stages, store.Packages, store.KernelTrees,
            .. published,
            repository, Path.Combine(repository, "overlays"), Path.Combine(repository, "build"),
        ];
    }
}
