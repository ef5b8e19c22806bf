using System.Globalization;
using System.Text.Json;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Edits.Merge;

/// <summary>States of a path: what a tree has there, and how they are told. Null is a path that is not there.</summary>
internal static class PathState
{
    private const int ShownOfSum = 12;

    /// <summary>What a tree has at a path. Nothing on the way is followed: behind a link it is another path.</summary>
    public static ManifestEntry? Of(string root, string path) => TreeWay.IsClear(root, path) ? ManifestReader.ReadOne(root, path) : null;

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
}
