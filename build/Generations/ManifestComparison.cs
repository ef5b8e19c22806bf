using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>One difference between two manifests.</summary>
/// <param name="Path">Path in the image.</param>
/// <param name="What">What differs, such as <c>mode 0644, expected 0600</c>.</param>
internal sealed record ManifestDifference(string Path, string What);

/// <summary>Tells two manifests apart.</summary>
internal static class ManifestComparison
{
    /// <summary>Whether two states of a path are the same; what other names a file has does not count. One whose content is not known is the same as none.</summary>
    /// <param name="one">A state; null where nothing is.</param>
    /// <param name="other">Another one.</param>
    public static bool AreSame(ManifestEntry? one, ManifestEntry? other) => (one, other) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ => one.Type == other.Type && one.Mode == other.Mode && one.Uid == other.Uid && one.Gid == other.Gid
            && one.Target == other.Target && one.Device == other.Device && one.XattrsText == other.XattrsText
            && (one.Type != FileType.File || (one.Sha256 is not null && one.Sha256 == other.Sha256)),
    };

    /// <summary>Every difference, in order of paths; none when the trees are the same.</summary>
    public static IReadOnlyList<ManifestDifference> Compare(Manifest expected, Manifest actual)
    {
        var there = actual.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var differences = new List<ManifestDifference>();
        foreach (var entry in expected.Entries)
        {
            if (!there.Remove(entry.Path, out var found))
            {
                differences.Add(new(entry.Path, "is missing"));
            }
            else if (Describe(entry, found) is { } what)
            {
                differences.Add(new(entry.Path, what));
            }
        }

        differences.AddRange(there.Keys.Select(path => new ManifestDifference(path, "was added")));
        return [.. differences.OrderBy(difference => difference.Path, StringComparer.Ordinal)];
    }

    /// <summary>How an entry differs; null for not at all.</summary>
    internal static string? Describe(ManifestEntry expected, ManifestEntry found)
    {
        var parts = new (string Name, object? Expected, object? Found)[]
        {
            ("type", expected.Type, found.Type),
            ("mode", expected.Mode, found.Mode),
            ("uid", expected.Uid, found.Uid),
            ("gid", expected.Gid, found.Gid),
            ("size", expected.Size, found.Size),
            ("sha256", expected.Sha256, found.Sha256),
            ("target", expected.Target, found.Target),
            ("same file as", expected.SameFileAs, found.SameFileAs),
            ("device", expected.Device, found.Device),
            ("xattrs", expected.XattrsText, found.XattrsText),
        };
        var differing = parts.Where(part => !Equals(part.Expected, part.Found)).Select(part => $"{part.Name} {part.Found ?? "none"}, expected {part.Expected ?? "none"}");
        var text = string.Join("; ", differing);
        return text.Length == 0 ? null : text;
    }
}
