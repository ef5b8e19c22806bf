using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.BaseLayer;

/// <summary>Which packages a base layer is made of, beside those that every Debian system has.</summary>
internal static class BaseLayerPackages
{
    /// <summary>The init's packages, the recipe's, and the Xen tools, each once.</summary>
    public static ImmutableArray<string> Of(Recipe recipe)
        => [.. InitOf(recipe).Concat(recipe.Packages).Concat(recipe.Hypervisor?.Tools ?? []).Distinct()];

    /// <summary>dpkg settings that keep files out of the image, now and in later edits; empty when nothing is left out.</summary>
    public static string DpkgSettings(Recipe recipe)
        => string.Concat(recipe.Without.Distinct().Order().SelectMany(part => Excluded(part)).Select(line => line + "\n"));

    private static ImmutableArray<string> InitOf(Recipe recipe) => recipe.Init switch
    {
        InitSystem.Systemd => ["systemd-sysv"],
        _ => [Suites.Sysvinit(recipe.Suite), "sysv-rc", "initscripts"],
    };

    private static ImmutableArray<string> Excluded(LeftOut part) => part switch
    {
        LeftOut.Docs => ["path-exclude=/usr/share/doc/*", "path-include=/usr/share/doc/*/copyright"],
        LeftOut.Locales => ["path-exclude=/usr/share/locale/*"],
        _ => ["path-exclude=/usr/share/man/*", "path-exclude=/usr/share/info/*"],
    };
}
