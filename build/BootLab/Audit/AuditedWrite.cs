using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Dom0Image.BootLab.Audit;

/// <summary>A path outside the flash list that a client wrote to.</summary>
/// <param name="Path">Path in the image.</param>
/// <param name="What">Such as <c>file written</c>, <c>directory made</c>, <c>deleted</c>.</param>
/// <param name="Processes">Command lines of who wrote, where it could be told.</param>
/// <param name="RecipeLine">Line for the recipe's flash list that would cover it.</param>
public sealed record AuditedWrite(string Path, string What, ImmutableArray<string> Processes, string RecipeLine);

/// <summary>Makes findings of what lies in the tree that caught a client's writes.</summary>
/// <param name="root">The image's root on this machine.</param>
/// <param name="processes">Who wrote to a path.</param>
/// <param name="mounts">
/// Where the client had something mounted in the end. What was written below before (init's own records, which it makes
/// again) is hidden by the mount, and fails without harm on a read-only root.
/// </param>
public sealed partial class AuditReading(string root, ImmutableDictionary<string, ImmutableArray<string>> processes, ImmutableArray<string> mounts)
{
    private readonly ImmutableArray<string> _mounts = [.. mounts.Where(m => m != "/")];

    /// <summary>Reads <c>path, tab, process id, tab, command line</c> per line.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> ReadProcesses(IEnumerable<string> events)
        => events.Select(line => line.Split('\t'))
            .Where(parts => parts.Length == 3)
            .GroupBy(parts => Deleted().Replace(parts[0], ""), parts => parts[2])
            .ToImmutableDictionary(g => g.Key, g => g.Distinct().ToImmutableArray());

    /// <summary>
    /// Findings from a listing of that tree: <c>type|mode|uid:gid|path</c> per line. Directories that are only there
    /// because something below them is are left out, and what lies below a directory that is itself new.
    /// </summary>
    public ImmutableArray<AuditedWrite> Read(IEnumerable<string> listing)
    {
        var entries = listing.Select(line => line.Split('|', 4)).Where(p => p.Length == 4 && p[3].Length > 0)
            .Select(p => (Type: p[0], Mode: p[1], Owner: p[2], Path: "/" + p[3]))
            .OrderBy(e => e.Path, StringComparer.Ordinal).ToList();
        var found = ImmutableArray.CreateBuilder<AuditedWrite>();
        var made = new List<string>();
        foreach (var (type, mode, owner, path) in entries)
        {
            if (made.Concat(_mounts).Any(m => path.StartsWith(m + "/", StringComparison.Ordinal)))
            {
                continue;
            }

            var inImage = System.IO.Path.Exists(root + path) || new FileInfo(root + path).LinkTarget is not null;
            if (type == "d" && inImage)
            {
                if (!_mounts.Contains(path) && !entries.Any(e => e.Path.StartsWith(path + "/", StringComparison.Ordinal)))
                {
                    found.Add(Finding(path, "directory's mode, owner or time changed", type, mode, owner));
                }

                continue;
            }

            if (type == "d")
            {
                made.Add(path);
            }

            found.Add(Finding(path, What(type, inImage), type, mode, owner));
        }

        return found.ToImmutable();
    }

    // Who made a directory is who wrote below it.
    private AuditedWrite Finding(string path, string what, string type, string mode, string owner) => new(
        path,
        what,
        [.. processes.Where(p => p.Key == path || p.Key.StartsWith(path + "/", StringComparison.Ordinal)).SelectMany(p => p.Value).Distinct().Order(StringComparer.Ordinal)],
        Line(path, type, mode, owner));

    private static string What(string type, bool inImage) => type switch
    {
        "c" when inImage => "deleted",
        "d" => "directory made",
        "l" => inImage ? "link replaced" : "link made",
        "f" => inImage ? "file written" : "file made",
        _ => "special file made",
    };

    private string Line(string path, string type, string mode, string owner)
    {
        var isDirectory = type == "d";
        var whole = Convert.ToInt32(mode, 8);
        List<string> keys = [];
        if (!isDirectory)
        {
            keys.Add("kind: file");
        }

        if (whole != (isDirectory ? 0x1ED : 0x1A4) && type is "d" or "f")
        {
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"mode: 0{Convert.ToString(whole, 8)}"));
        }

        var ids = owner.Split(':');
        keys.AddRange(ids[0] == "0" ? [] : [$"owner: \"{ids[0]}\""]);
        keys.AddRange(ids[1] == "0" ? [] : [$"group: \"{ids[1]}\""]);
        keys.AddRange(System.IO.Path.Exists(root + path) ? ["start: content"] : Array.Empty<string>());
        return keys.Count == 0 ? $"{path}: {{}}" : $"{path}: {{ {string.Join(", ", keys)} }}";
    }

    [GeneratedRegex(@" \(deleted\)$")]
    private static partial Regex Deleted();
}
