using System.Collections.Immutable;
using Dom0Image.Generations;

namespace Dom0Image.Differences;

/// <summary>Tells two manifests apart, path by path.</summary>
internal static class PathChanges
{
    /// <summary>Every difference, in order of paths.</summary>
    public static ImmutableArray<PathChange> Between(Manifest before, Manifest after)
    {
        var (old, now) = (ByPath(before), ByPath(after));
        var changes = new List<PathChange>();
        foreach (var (path, entry) in old)
        {
            if (!now.TryGetValue(path, out var other))
            {
                changes.Add(new PathChange(path, ChangeKind.Removed, State(entry, old), null));
            }
            else if (!IsPlainlySame(entry, other))
            {
                var (one, two) = (State(entry, old), State(other, now));
                if (What(one, two) is { IsEmpty: false } what)
                {
                    changes.Add(new PathChange(path, ChangeKind.Changed, one, two) { What = what });
                }
            }
        }

        changes.AddRange(now.Where(entry => !old.ContainsKey(entry.Key)).Select(entry => new PathChange(entry.Key, ChangeKind.Added, null, State(entry.Value, now))));
        changes.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return [.. changes];
    }

    private static Dictionary<string, ManifestEntry> ByPath(Manifest manifest)
    {
        var entries = new Dictionary<string, ManifestEntry>(manifest.Entries.Length, StringComparer.Ordinal);
        foreach (var entry in manifest.Entries)
        {
            entries[entry.Path] = entry;
        }

        return entries;
    }

    // Nearly all are: seen without a list of words for each.
    private static bool IsPlainlySame(ManifestEntry one, ManifestEntry other)
        => one.SameFileAs is null && other.SameFileAs is null && one.Xattrs is null && other.Xattrs is null
            && one.Sha256 == other.Sha256 && one.Mode == other.Mode && one.Uid == other.Uid && one.Gid == other.Gid
            && one.Type == other.Type && one.Target == other.Target && one.Size == other.Size && one.Device == other.Device;

    private static ManifestEntry State(ManifestEntry entry, Dictionary<string, ManifestEntry> all)
        => entry.SameFileAs is { } name && all.GetValueOrDefault(name) is { } first ? entry with { Size = first.Size, Sha256 = first.Sha256 } : entry;

    private static ImmutableArray<string> What(ManifestEntry one, ManifestEntry other)
    {
        if (one.Type != other.Type)
        {
            return ["type"];
        }

        (string Word, bool Differs)[] parts =
        [
            ("content", one.Sha256 != other.Sha256 || one.Size != other.Size),
            ("target", one.Target != other.Target),
            ("mode", one.Mode != other.Mode),
            ("owner", one.Uid != other.Uid || one.Gid != other.Gid),
            ("attributes", one.XattrsText != other.XattrsText),
            ("hard link", one.SameFileAs != other.SameFileAs),
            ("device", one.Device != other.Device),
        ];
        return [.. parts.Where(part => part.Differs).Select(part => part.Word)];
    }
}
