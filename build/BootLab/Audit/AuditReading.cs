using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Posix;

namespace Dom0Image.BootLab.Audit;

/// <summary>Makes findings of what lies in the tree that caught a client's writes, and of the files that were written and are gone.</summary>
/// <param name="root">The image's root on this machine.</param>
/// <param name="processes">Who wrote to which file.</param>
/// <param name="mounts">
/// Where the client had something mounted in the end. What was written below before (init's own records, which it makes
/// again) is hidden by the mount, and fails without harm on a read-only root. Below <c>/flash</c> that is init's record of the
/// boot in <c>wtmp</c>.
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
            .Select(p => new Entry(p[0], p[1], p[2], "/" + p[3]))
            .OrderBy(e => e.Path, StringComparer.Ordinal).ToList();
        var made = entries.Where(e => e.IsDirectory && !IsInImage(e.Path)).Select(e => e.Path).ToList();
        var gone = processes.Keys.Where(path => path.StartsWith('/') && !_mounts.Contains(path) && entries.All(e => e.Path != path)).Where(IsTold).ToHashSet();
        return
        [
            .. entries.Where(e => IsTold(e.Path)).Select(e => IsInImage(e.Path) && e.IsDirectory ? OfDirectory(e) : Finding(e.Path, What(e), Line(e))).OfType<AuditedWrite>()
                .Concat(gone.Select(path => Finding(path, "file made, and gone again", null)))
                .OrderBy(f => f.Path, StringComparer.Ordinal),
        ];

        bool IsTold(string path) => !AuditStage.IsPlanted(path) && !made.Concat(_mounts).Any(m => IsBelow(path, m));

        // A directory is copied up when anything is made or deleted in it, for which there is a finding where it is known.
        AuditedWrite? OfDirectory(Entry e)
        {
            if (_mounts.Contains(e.Path))
            {
                return null;
            }

            if (!IsAsInImage(e))
            {
                return Finding(e.Path, "directory's mode or owner changed", Line(e));
            }

            return entries.Any(other => IsBelow(other.Path, e.Path)) || gone.Any(path => IsBelow(path, e.Path))
                ? null
                : Finding(e.Path, "something was made in the directory, and is gone again, or its time was changed", null);
        }
    }

    private bool IsInImage(string path) => FileNode.Find(root + path) is not null;

    private bool IsAsInImage(Entry e)
        => FileNode.Find(root + e.Path) is { } node && node.Mode == Convert.ToInt32(e.Mode, 8) && e.Owner == $"{node.Status.st_uid}:{node.Status.st_gid}";

    private static bool IsBelow(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);

    // Who made a directory is who wrote below it.
    private AuditedWrite Finding(string path, string what, string? line) => new(
        path,
        what,
        [.. processes.Where(p => p.Key == path || IsBelow(p.Key, path)).SelectMany(p => p.Value).Distinct().Order(StringComparer.Ordinal)],
        line);

    private string What(Entry e) => (e.Type, IsInImage(e.Path)) switch
    {
        ("c", true) => "deleted",
        ("d", _) => "directory made",
        ("l", true) => "link replaced",
        ("l", false) => "link made",
        ("f", true) => "file written",
        ("f", false) => "file made",
        _ => "special file made",
    };

    private string Line(Entry e)
    {
        var whole = Convert.ToInt32(e.Mode, 8);
        List<string> keys = [];
        if (!e.IsDirectory)
        {
            keys.Add("kind: file");
        }

        if (whole != (e.IsDirectory ? 0x1ED : 0x1A4) && e.Type is "d" or "f")
        {
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"mode: 0{Convert.ToString(whole, 8)}"));
        }

        var ids = e.Owner.Split(':');
        keys.AddRange(ids[0] == "0" ? [] : [$"owner: \"{ids[0]}\""]);
        keys.AddRange(ids[1] == "0" ? [] : [$"group: \"{ids[1]}\""]);
        keys.AddRange(IsInImage(e.Path) ? ["start: content"] : Array.Empty<string>());
        return keys.Count == 0 ? $"{e.Path}: {{}}" : $"{e.Path}: {{ {string.Join(", ", keys)} }}";
    }

    [GeneratedRegex(@" \(deleted\)$")]
    private static partial Regex Deleted();

    private sealed record Entry(string Type, string Mode, string Owner, string Path)
    {
        public bool IsDirectory => Type == "d";
    }
}
