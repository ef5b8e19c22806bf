using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.Edits.Capture;

/// <summary>Which services a session enabled or disabled. Those of a package that came start, unless somebody says otherwise.</summary>
/// <param name="before">The generation.</param>
/// <param name="after">What it is now.</param>
/// <param name="init">The init system, which says where that stands.</param>
internal sealed class ServiceDifference(ImageView before, ImageView after, InitSystem init)
{
    private static readonly ImmutableArray<string> Levels = ["/etc/rc2.d", "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d", "/etc/rcS.d"];

    /// <summary>By script or unit, and whether it starts.</summary>
    public ImmutableSortedDictionary<string, bool> Find()
    {
        var (was, now) = (States(before), States(after));
        return now.Where(service => was.TryGetValue(service.Key, out var started) ? started != service.Value : !service.Value)
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private Dictionary<string, bool> States(ImageView image) => init is InitSystem.Systemd ? Units(image) : Scripts(image);

    private static Dictionary<string, bool> Scripts(ImageView image)
    {
        var started = Levels.SelectMany(image.Names).Where(name => name is ['S', _, _, _, ..]).Select(name => name[3..]).ToHashSet();
        // Scripts that only stop something have no start at all.
        var stopped = Levels.SelectMany(image.Names).Where(name => name is ['K', _, _, _, ..]).Select(name => name[3..]);
        return image.Names("/etc/init.d").Where(name => started.Contains(name) || stopped.Contains(name)).ToDictionary(name => name, started.Contains);
    }

    // Of units without an [Install] nobody says whether they start.
    private static Dictionary<string, bool> Units(ImageView image)
    {
        const string own = "/etc/systemd/system";
        var wanted = image.Names(own).Where(name => name.EndsWith(".wants", StringComparison.Ordinal) || name.EndsWith(".requires", StringComparison.Ordinal))
            .SelectMany(directory => image.Names($"{own}/{directory}")).ToHashSet();
        return image.Names("/usr/lib/systemd/system").Concat(image.Names(own))
            .Where(unit => wanted.Contains(unit) || IsInstallable(image, unit)).Distinct().ToDictionary(unit => unit, wanted.Contains);
    }

    private static bool IsInstallable(ImageView image, string unit)
        => Path.GetExtension(unit) is ".service" or ".socket" or ".timer" or ".path"
            && image.Text($"/usr/lib/systemd/system/{unit}") is var text && text.Contains("\nWantedBy=", StringComparison.Ordinal);
}
