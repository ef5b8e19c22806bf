using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dom0Image.Edits.Layers;

/// <summary>What a session did to packages, as the difference of dpkg's and apt's states.</summary>
internal sealed record LayerPackages
{
    /// <summary>No change.</summary>
    public static LayerPackages None { get; } = new();

    /// <summary>Those that were asked for, with what the session installed; what they depend on is apt's to find.</summary>
    public ImmutableArray<PackageChoice> Added { get; init; } = [];

    /// <summary>Installed since because another one needs it, with versions: what an offline run takes first.</summary>
    public ImmutableArray<PackageChoice> Needed { get; init; } = [];

    /// <summary>Names of those that were removed.</summary>
    public ImmutableArray<string> Removed { get; init; } = [];

    /// <summary>Packages of the base that got another version on purpose.</summary>
    public ImmutableArray<PackageChoice> Changed { get; init; } = [];

    /// <summary>Names of those that were put on hold.</summary>
    public ImmutableArray<string> Held { get; init; } = [];

    /// <summary>Names of those whose hold was taken away.</summary>
    public ImmutableArray<string> Released { get; init; } = [];

    /// <summary>Names of the base's own that were marked as installed by hand.</summary>
    public ImmutableArray<string> Manual { get; init; } = [];

    /// <summary>Whether nothing changed.</summary>
    [JsonIgnore]
    public bool IsEmpty => Added.IsEmpty && Needed.IsEmpty && Removed.IsEmpty && Changed.IsEmpty && Held.IsEmpty && Released.IsEmpty && Manual.IsEmpty;
}

/// <summary>A package as a session installed it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Sha256">Of a <c>.deb</c> that came as a file and lies in the layer; null for one of the archives.</param>
internal sealed record PackageChoice(string Name, string Version, string Architecture, string? Sha256 = null);
