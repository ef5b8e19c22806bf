using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dom0Image.Generations;

namespace Dom0Image.Edits.Layers;

/// <summary>
/// What is kept of an edit session: what somebody wanted, in names that hold for every later base. What programs derive from it (dpkg's
/// state, caches) is no part of it: that is made again.
/// </summary>
/// <param name="Name">Its name below the recipe's layers, such as <c>0003</c>; layers apply in the order of their names.</param>
/// <param name="Recipe">The recipe whose images have it.</param>
/// <param name="Base">Id of the generation that was edited.</param>
/// <param name="Why">The editor's reason.</param>
/// <param name="Who">Who edited.</param>
/// <param name="When">When it was kept.</param>
internal sealed record Layer(string Name, string Recipe, string Base, string Why, string Who, DateTimeOffset When)
{
    /// <summary>Packages added, removed, held, marked.</summary>
    public LayerPackages Packages { get; init; } = LayerPackages.None;

    /// <summary>Intents that have a name of their own.</summary>
    public LayerSettings Settings { get; init; } = LayerSettings.None;

    /// <summary>What is neither a package's nor a setting's own doing, in order of paths.</summary>
    public ImmutableArray<LayerPath> Paths { get; init; } = [];

    /// <summary>Sums of the contents that lie with it, each once: of files, and of packages that no archive has.</summary>
    [JsonIgnore]
    public IEnumerable<string> ContentSums
        => Paths.Select(path => path.New?.Sha256).Concat(Packages.Added.Concat(Packages.Needed).Concat(Packages.Changed).Select(package => package.Sha256)).OfType<string>().Distinct();

    /// <summary>Whether it changes nothing.</summary>
    [JsonIgnore]
    public bool IsEmpty => Paths.IsEmpty && Packages.IsEmpty && Settings.IsEmpty;
}

/// <summary>A path that the session changed by hand. Paths have the names from before the move below <c>/flash</c>.</summary>
/// <param name="Path">Absolute in the image.</param>
/// <param name="Old">Its state in the generation that was edited; null where it was not there.</param>
/// <param name="New">Its state afterwards; null where it was deleted. A regular file's content lies in the layer under its sum.</param>
internal sealed record LayerPath(string Path, ManifestEntry? Old, ManifestEntry? New);
