using System.Collections.Immutable;
using Dom0Image.Boot.Servers;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>Makes the boot files of a site. Pure: values in, values out.</summary>
internal static class BootFiles
{
    /// <summary>Menus that boot a generation, and configuration of the servers.</summary>
    /// <param name="site">Where it is served.</param>
    /// <param name="generation">What is booted; null for the servers' files alone.</param>
    /// <exception cref="Diagnostics.BuildFailedException">No menu can name the files of the generation, or it lacks a kernel that the site asks for.</exception>
    public static BootFileSet Generate(Site site, GenerationBoot? generation)
    {
        generation?.RequireNames();
        var menus = generation is null
            ? ImmutableSortedDictionary<string, BootFile>.Empty
            : HostMenus.Generate(site, generation);
        return new BootFileSet(menus, ServerFiles.Of(site).ToImmutableSortedDictionary(made => made.File.Place, made => made.Text, StringComparer.Ordinal), CommonSerial(site));
    }

    // The network loader speaks before a profile is known, so it uses a serial line only where all profiles do.
    private static SerialLine? CommonSerial(Site site)
        => site.Profiles.Select(p => p.Serial).Distinct().ToArray() is [{ } only] ? only : null;
}
