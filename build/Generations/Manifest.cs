using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Everything that a tree holds, so that any later change to it can be told. Times are left out: they differ between builds of the same thing.</summary>
/// <param name="Entries">Every entry with the tree's root itself (<c>/</c>) first, in ordinal order of paths.</param>
internal sealed record Manifest(ImmutableArray<ManifestEntry> Entries)
{
    /// <summary>Paths of set-uid and set-gid files (not directories).</summary>
    public IEnumerable<string> SetIdFiles => Entries.Where(entry => entry.IsSetIdFile).Select(entry => entry.Path);

    /// <summary>Paths of files whose capabilities no client sees: NFSv3 carries no attributes, and what is in RAM is mounted nosuid.</summary>
    public IEnumerable<string> LostCapabilities => Entries.Where(entry => entry.Xattrs?.ContainsKey(ManifestEntry.Capabilities) == true).Select(entry => entry.Path);

    /// <summary>Bytes in regular files, those with several names counted once.</summary>
    public long Bytes => Entries.Sum(entry => entry.Size ?? 0);
}

/// <summary>One entry of a tree.</summary>
internal sealed record ManifestEntry
{
    /// <summary>The attribute that holds a file's capabilities.</summary>
    internal const string Capabilities = "security.capability";

    /// <summary>Absolute path in the image; a byte that is no UTF-8 stands as U+0000 and the character of its number.</summary>
    public required string Path { get; init; }

    /// <summary>What it is.</summary>
    public required FileType Type { get; init; }

    /// <summary>Permission, set-id and sticky bits, four octal digits such as <c>0755</c>; null for symlinks.</summary>
    public string? Mode { get; init; }

    /// <summary>Owner's number.</summary>
    public uint Uid { get; init; }

    /// <summary>Group's number.</summary>
    public uint Gid { get; init; }

    /// <summary>Bytes in a regular file; null for others, and for a further name of a file.</summary>
    public long? Size { get; init; }

    /// <summary>SHA-256 of a regular file's content, 64 hex digits; null like <see cref="Size"/>.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Target of a symlink as it is stored.</summary>
    public string? Target { get; init; }

    /// <summary>Path of the first entry that is the same file (a hard link); null for the first one.</summary>
    public string? SameFileAs { get; init; }

    /// <summary><c>major:minor</c> of a device.</summary>
    public string? Device { get; init; }

    /// <summary>Extended attributes, such as <c>security.capability</c>; values in hex. Null when it has none.</summary>
    public SortedDictionary<string, string>? Xattrs { get; init; }

    /// <summary>The attributes as one text, to be compared; null when it has none.</summary>
    [JsonIgnore]
    public string? XattrsText => Xattrs is null or { Count: 0 } ? null : string.Join(' ', Xattrs.Select(xattr => $"{xattr.Key}={xattr.Value}"));

    /// <summary>Whether it is a regular file that runs as its owner or group.</summary>
    [JsonIgnore]
    public bool IsSetIdFile => Type == FileType.File && (OctalMode.Parse(Mode!) & 0b110_000_000_000) != 0;
}
