using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Storage;

/// <summary>Says what a site gives away that accepts a shared file system.</summary>
internal static class SharedExports
{
    /// <summary>The sentence.</summary>
    /// <param name="site">The site.</param>
    /// <param name="shared">Exports that are no border, with what they lie on.</param>
    public static string Describe(Site site, ImmutableArray<(ExportVolume Volume, MountEntry Mount)> shared)
    {
        var parts = shared.GroupBy(s => s.Mount.Device).Select(group =>
        {
            var mount = group.First().Mount;
            var writable = site.Images is ImagesExport.ReadWrite && group.Any(s => s.Volume.Place == Generations.Places.DomUImages);
            return $"read{(writable ? " and write" : "")} as root everything on the file system of {string.Join(" and ", group.Select(s => s.Volume.Name))} ({ExportBorder.NameOf(mount)})";
        });
        return $"exports: accepted for {site.Storage.SharedAcceptedFor}: {Audience(site)} can {string.Join(", and ", parts)}.";
    }

    private static string Audience(Site site) => site.ExportTo is ExportAudience.Hosts
        ? $"whoever has or takes the address of one of {site.Hosts.Length} hosts"
        : $"every machine of {string.Join(", ", site.Subnets.Select(s => s.Network))}";
}
