using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dom0Image.Generations;

namespace Dom0Image.Differences;

/// <summary>A path that differs.</summary>
/// <param name="Path">Absolute, as the manifest has it: a byte that is no UTF-8 stands as U+0000 and the character of its number.</param>
/// <param name="Kind">Added, removed or changed.</param>
/// <param name="Before">What was there; null for nothing. Of a further name of a file with the size and sum of the first.</param>
/// <param name="After">The same of the other one.</param>
internal sealed record PathChange(string Path, ChangeKind Kind, ManifestEntry? Before, ManifestEntry? After)
{
    /// <summary>What differs of a path that is in both, in words such as <c>content</c> and <c>mode</c>.</summary>
    public ImmutableArray<string> What { get; init; } = [];

    /// <summary>Whether it now runs as its owner or group and did not, or the other way round.</summary>
    [JsonIgnore]
    public bool ChangesSetId => (Before?.IsSetIdFile ?? false) != (After?.IsSetIdFile ?? false);
}
