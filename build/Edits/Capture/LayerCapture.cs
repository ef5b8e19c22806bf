using System.Collections.Immutable;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Edits.Capture;

/// <summary>Tells from an overlay's upper directory over a generation what was wanted.</summary>
/// <param name="upper">The upper directory; nothing is mounted over it now.</param>
/// <param name="lower">The generation's root.</param>
/// <param name="manifest">Of the generation's root.</param>
/// <param name="recipe">The recipe that it was made from.</param>
/// <param name="times">When dpkg was at work.</param>
internal sealed class LayerCapture(string upper, string lower, Manifest manifest, Recipe recipe, ScriptTimes times)
{
    private const string Info = "/var/lib/dpkg/info";

    private readonly ImageView _before = new(null, lower);
    private readonly ImageView _after = new(upper, lower);

    /// <summary>Packages that came or got another version, for whoever says which of them no archive has.</summary>
    public ImmutableArray<InstalledPackage> NewPackages => [.. Packages().Came.Concat(Packages().Changed).Select(key => DpkgState.Read(_after).Packages[key])];

    /// <summary>Tells it.</summary>
    /// <param name="local">SHA-256 of the <c>.deb</c> of a package that no archive has; null for one that one has.</param>
    /// <param name="keepSecrets">Whether what a shell leaves is kept, too.</param>
    public CapturedEdit Take(Func<InstalledPackage, string?> local, bool keepSecrets)
    {
        var packages = Packages();
        ImmutableArray<string> came = [.. packages.Came, .. packages.Changed];
        var owners = PackageOwners.Read(_before, _after, DpkgState.Read(_after), [.. came, .. packages.Went]);
        var paths = new PathDifference(upper, new UpperTree(upper, manifest), new FlashNames(recipe.Flash), owners, times, new UcfFiles(_after), keepSecrets).Sort();
        var settings = Settings(came);
        return paths with { Packages = packages.Keep(local), Settings = settings, Paths = SettledPaths.Of(paths.Paths, settings) };
    }

    private PackageDifference Packages() => new(DpkgState.Read(_before), DpkgState.Read(_after));

    private LayerSettings Settings(ImmutableArray<string> came)
    {
        var scripts = string.Concat(_after.Names(Info).Where(name => name.EndsWith("inst", StringComparison.Ordinal) && came.Contains(name[..name.LastIndexOf('.')].Split(':')[0])).Select(name => _after.Text($"{Info}/{name}")));
        var settings = new AccountDifference(_before, _after, came).AddTo(LayerSettings.None);
        return new DpkgSettings(_before, _after, scripts).AddTo(settings) with
        {
            Services = new ServiceDifference(_before, _after, recipe.Init).Find(),
            Debconf = new DebconfDifference(_before, _after).Find(),
        };
    }
}
