using System.Collections.Immutable;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;

namespace Dom0Image.Edits.Capture;

/// <summary>Takes out of the paths what a setting does by itself: settings are told to a new base before its paths are.</summary>
internal static class SettledPaths
{
    /// <summary>The paths that are left, with the states that they have once the settings are told.</summary>
    public static ImmutableArray<LayerPath> Of(ImmutableArray<LayerPath> paths, LayerSettings settings)
    {
        var diverted = settings.Diversions.Where(diversion => diversion.Value is not null).ToDictionary(diversion => diversion.Key, diversion => diversion.Value!);
        var old = paths.Where(path => path.Old is not null).ToDictionary(path => path.Path, path => path.Old!);
        return
        [
            .. from path in paths
               where !(settings.StatOverrides.ContainsKey(path.Path) && HasContentOf(path.New, path.Old))
               // dpkg moves what is diverted, and its place is free then.
               where !(diverted.ContainsKey(path.Path) && path.New is null)
               where !diverted.Any(diversion => diversion.Value == path.Path && old.TryGetValue(diversion.Key, out var moved) && HasContentOf(path.New, moved))
               select diverted.ContainsKey(path.Path) ? path with { Old = null } : path
        ];
    }

    private static bool HasContentOf(ManifestEntry? one, ManifestEntry? other)
        => one is not null && other is not null && one.Type == other.Type && one.Sha256 == other.Sha256 && one.Target == other.Target;
}
