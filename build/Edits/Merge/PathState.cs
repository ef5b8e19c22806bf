using System.Globalization;
using System.Text.Json;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Edits.Merge;

/// <summary>States of a path: what a tree has there, whether two are the same, and how they are told. Null is a path that is not there.</summary>
internal static class PathState
{
    private const int ShownOfSum = 12;

    /// <summary>What a tree has at a path. Nothing on the way is followed: behind a link it is another path.</summary>
    public static ManifestEntry? Of(string root, string path) => TreeWay.Blocked(root, path) is null ? ManifestReader.ReadOne(root, path) : null;

    /// <summary>Whether two states are the same. One whose content is not known is the same as none.</summary>
    public static bool Same(ManifestEntry? one, ManifestEntry? other) => (one, other) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ => one.Type == other.Type && one.Mode == other.Mode && one.Uid == other.Uid && one.Gid == other.Gid
            && one.Target == other.Target && one.Device == other.Device && Attributes(one) == Attributes(other)
            && (one.Type != FileType.File || (one.Sha256 is not null && one.Sha256 == other.Sha256)),
    };

    /// <summary>A sum over states that a decision is bound to.</summary>
    public static string Sum(params IEnumerable<ManifestEntry?> states)
        => StageKey.For("path states", 1).Add("states", states.Select(state => state is null ? "" : JsonSerializer.Serialize(state, ManifestJson.Default.ManifestEntry))).Build().Value;

    /// <summary>The state in a few words.</summary>
    public static string Words(ManifestEntry? state)
    {
        if (state is null)
        {
            return "not there";
        }

        var what = state.Type switch
        {
            FileType.Symlink => $"a link to {ByteName.Printable(state.Target ?? "")}",
            FileType.File when state.Sha256 is { } sum => string.Create(CultureInfo.InvariantCulture, $"a file of {state.Size} bytes, sha256 {sum[..ShownOfSum]}"),
            FileType.File => $"a further name of {ByteName.Printable(state.SameFileAs ?? "a file")}",
            FileType.Directory => "a directory",
            _ => $"a {state.Type} {state.Device}".TrimEnd().ToLowerInvariant(),
        };
        var mode = state.Mode is null ? "" : $", mode {state.Mode}";
        return $"{what}{mode}, owner {state.Uid}:{state.Gid}{(state.Xattrs is { Count: > 0 } xattrs ? $", {string.Join(' ', xattrs.Keys)}" : "")}";
    }

    private static string Attributes(ManifestEntry state)
        => state.Xattrs is null ? "" : string.Join(' ', state.Xattrs.Select(xattr => $"{xattr.Key}={xattr.Value}"));
}
