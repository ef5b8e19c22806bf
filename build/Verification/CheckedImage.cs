using System.Collections.Immutable;
using Dom0Image.Recipes;

namespace Dom0Image.Verification;

/// <summary>An image that rules look at.</summary>
/// <param name="Root">Its root on this machine, absolute.</param>
/// <param name="Recipe">What it is.</param>
/// <param name="Site">Says whether root may have an empty password.</param>
/// <param name="HostPaths">Directories of the build, such as the store's and the prefix, that no file of the image may name.</param>
internal sealed record CheckedImage(string Root, Recipe Recipe, Site Site, ImmutableArray<string> HostPaths)
{
    /// <summary>Directories of its overlays: what they bring is meant.</summary>
    public ImmutableArray<string> Overlays { get; init; } = [];
}
