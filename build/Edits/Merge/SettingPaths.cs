using Dom0Image.Edits.Layers;
using Dom0Image.Generations;

namespace Dom0Image.Edits.Merge;

/// <summary>Paths that a layer's own settings make as they are.</summary>
/// <param name="settings">The layer's.</param>
internal sealed class SettingPaths(LayerSettings settings)
{
    /// <summary>Which setting does it; null for a path that none makes.</summary>
    public string? Why(LayerPath path)
    {
        if (settings.Diversions.FirstOrDefault(diversion => diversion.Value == path.Path) is { Key: { } diverted })
        {
            return $"the diversion of {diverted} moves it there";
        }

        return settings.StatOverrides.GetValueOrDefault(path.Path) is not null && path is { Old: { } old, New: { } edited } && ManifestComparison.AreSame(old, edited with { Mode = old.Mode, Uid = old.Uid, Gid = old.Gid })
            ? "a stat override gives it its owner and mode"
            : null;
    }
}
