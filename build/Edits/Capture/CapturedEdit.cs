using System.Collections.Immutable;
using Dom0Image.Edits.Layers;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Capture;

/// <summary>What a session changed, in the three parts of a layer, and what of it cannot be kept.</summary>
internal sealed record CapturedEdit
{
    /// <summary>What was done to packages.</summary>
    public LayerPackages Packages { get; init; } = LayerPackages.None;

    /// <summary>What has a name.</summary>
    public LayerSettings Settings { get; init; } = LayerSettings.None;

    /// <summary>What is neither.</summary>
    public ImmutableArray<LayerPath> Paths { get; init; } = [];

    /// <summary>What is not kept, and why.</summary>
    public ImmutableArray<UnkeptPath> Unkept { get; init; } = [];

    /// <summary>What can be kept, and has its dangers.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Files whose contents a layer brings, by their sums.</summary>
    public ImmutableSortedDictionary<string, FileNode> Contents { get; init; } = ImmutableSortedDictionary<string, FileNode>.Empty;

    /// <summary>Kept paths of packages that came or changed, each with the package: what they were is what the package brings.</summary>
    public ImmutableArray<(string Path, string Package)> OfNewPackages { get; init; } = [];

    /// <summary>Packages that no archive has, and whose files are nowhere: what was changed cannot be kept.</summary>
    public ImmutableArray<string> Lost { get; init; } = [];

    /// <summary>Whether there is nothing to keep.</summary>
    public bool IsEmpty => Packages.IsEmpty && Settings.IsEmpty && Paths.IsEmpty;
}

/// <summary>A path that was changed and is not kept.</summary>
/// <param name="Path">With the name from before the move below <c>/flash</c>.</param>
/// <param name="Why">The reason.</param>
internal sealed record UnkeptPath(string Path, string Why);
