using System.Collections.Immutable;
using Dom0Image.Edits.Layers;

namespace Dom0Image.Edits.Packages;

/// <summary>Finds the files of the packages that an edit asks for.</summary>
internal interface IPackageFinder
{
    /// <summary>What it will choose, for keys: the same words, base and edits give the same packages.</summary>
    /// <param name="layers">All layers that have packages.</param>
    IEnumerable<string> KeyFor(ImmutableArray<KeptLayer> layers);

    /// <summary>Finds them.</summary>
    /// <param name="kept">The layer, which has packages that came as files.</param>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="root">The tree that they go into; absolute.</param>
    /// <exception cref="LayerFailedException">There is no such package any more, or they cannot be installed together.</exception>
    /// <exception cref="Diagnostics.BuildFailedException">They cannot be had.</exception>
    Task<FoundPackages> FindAsync(KeptLayer kept, WantedPackages wanted, string root);
}

/// <summary>What of an edit's packages the base lacks.</summary>
/// <param name="Fresh">Those that are not there: asked for, or needed by these.</param>
/// <param name="Newer">Those that are there in an older version than the edit put there.</param>
/// <param name="Exact">Those that are to be of this version and no other.</param>
/// <param name="Removed">Names of those that are there and go.</param>
internal sealed record WantedPackages(ImmutableArray<PackageChoice> Fresh, ImmutableArray<PackageChoice> Newer, ImmutableArray<PackageChoice> Exact, ImmutableArray<string> Removed)
{
    /// <summary>Names of those that nobody asked for by name.</summary>
    public ImmutableHashSet<string> Needed { get; init; } = [];

    /// <summary>Whether nothing is to be installed or removed.</summary>
    public bool IsEmpty => Fresh.IsEmpty && Newer.IsEmpty && Exact.IsEmpty && Removed.IsEmpty;
}

/// <summary>Files of packages.</summary>
/// <param name="Files">Names of packages, and their files.</param>
/// <param name="Spare">Further ones, which these may need.</param>
internal sealed record FoundPackages(ImmutableSortedDictionary<string, string> Files, ImmutableSortedDictionary<string, string> Spare);

/// <summary>The packages of a layer do not go into this base: a conflict.</summary>
/// <param name="package">Which one; null for several.</param>
/// <param name="reason">Why.</param>
internal sealed class LayerFailedException(string? package, string reason) : Exception(reason)
{
    public string? Package { get; } = package;
}
