using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Differences;

/// <summary>A path that differs.</summary>
/// <param name="Path">Absolute, as the manifest has it: a byte that is no UTF-8 stands as U+0000 and the character of its number.</param>
/// <param name="Kind">Added, removed or changed.</param>
/// <param name="Before">What was there; null for nothing.</param>
/// <param name="After">The same of the other one.</param>
internal sealed record PathChange(string Path, ChangeKind Kind, PathState? Before, PathState? After)
{
    /// <summary>What differs of a path that is in both, in words such as <c>content</c> and <c>mode</c>.</summary>
    public ImmutableArray<string> What { get; init; } = [];

    /// <summary>Whether it now runs as its owner or group and did not, or the other way round.</summary>
    [JsonIgnore]
    public bool ChangesSetId => (Before?.SetId ?? false) != (After?.SetId ?? false);
}

/// <summary>What a manifest says of a path.</summary>
internal sealed record PathState(FileType Type, string? Mode, uint Uid, uint Gid)
{
    /// <summary>Bytes of a file.</summary>
    public long? Size { get; init; }

    /// <summary>Of a file's content.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Of a symlink.</summary>
    public string? Target { get; init; }

    /// <summary>Another name of the same file.</summary>
    public string? SameFileAs { get; init; }

    public string? Device { get; init; }

    /// <summary>Names of extended attributes with their values in hex.</summary>
    public SortedDictionary<string, string>? Xattrs { get; init; }

    /// <summary>Whether it is a file that runs as its owner or group.</summary>
    [JsonIgnore]
    public bool SetId => Type == FileType.File && Mode is { Length: 4 } && ((Mode[0] - '0') & 6) != 0;

    /// <summary>What a manifest says; of a further name of a file, what it says of the first.</summary>
    /// <param name="entry">The path.</param>
    /// <param name="first">The entry that it is the same file as; null for none.</param>
    public static PathState Of(ManifestEntry entry, ManifestEntry? first) => new(entry.Type, entry.Mode, entry.Uid, entry.Gid)
    {
        Size = entry.Size ?? first?.Size,
        Sha256 = entry.Sha256 ?? first?.Sha256,
        Target = entry.Target,
        SameFileAs = entry.SameFileAs,
        Device = entry.Device,
        Xattrs = entry.Xattrs,
    };
}
