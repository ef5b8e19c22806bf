using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Posix;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Auditing;

/// <summary>Makes findings of what lies in the tree that caught a client's writes, and of the files that were written and are gone.</summary>
/// <param name="root">The image's root on this machine.</param>
/// <param name="processes">Who wrote to which file.</param>
/// <param name="mounts">
/// Where the client had something mounted in the end. What was written below before (init's own records, which it makes
/// again) is hidden by the mount, and fails without harm on a read-only root. Below <c>/flash</c> that is init's record of the
/// boot in <c>wtmp</c>.
/// </param>
internal sealed partial class AuditReading(string root, ImmutableDictionary<string, ImmutableArray<string>> processes, ImmutableArray<string> mounts)
{
    private readonly ImmutableArray<string> _mounts = [.. mounts.Where(m => m != "/")];

    /// <summary>Reads <c>path, tab, process id, tab, command line</c> per line.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> ReadProcesses(IEnumerable<string> events)
        => events.Select(line => line.Split('\t'))
            .Where(parts => parts.Length == 3)
            .GroupBy(parts => Deleted().Replace(parts[0], ""), parts => parts[2])
            .ToImmutableDictionary(g => g.Key, g => g.Distinct().ToImmutableArray());

    /// <summary>
    /// Findings from that tree. Directories that are only there because something below them is are left out, and what lies
    /// below a directory that is itself new.
    /// </summary>
    public ImmutableArray<AuditedWrite> Read(ImmutableArray<AuditEntry> entries)
    {
        var made = entries.Where(e => e.IsDirectory && !IsInImage(e.Path)).Select(e => e.Path).ToList();
        var gone = processes.Keys.Where(path => path.StartsWith('/') && !_mounts.Contains(path) && entries.All(e => e.Path != path)).Where(IsTold).ToHashSet();
        return
        [
            .. entries.Where(e => IsTold(e.Path)).Select(e => IsInImage(e.Path) && e.IsDirectory ? OfDirectory(e) : Finding(e.Path, Change(e))).OfType<AuditedWrite>()
                .Concat(gone.Select(path => Finding(path, AuditedChange.FileGone)))
                .OrderBy(f => f.Path, StringComparer.Ordinal),
        ];

        bool IsTold(string path) => !AuditStage.IsPlanted(path) && !made.Concat(_mounts).Any(m => FlashPaths.IsBelow(path, m));

        // A directory is copied up when anything is made or deleted in it, for which there is a finding where it is known.
        AuditedWrite? OfDirectory(AuditEntry e)
        {
            if (_mounts.Contains(e.Path))
            {
                return null;
            }

            if (!IsAsInImage(e))
            {
                return Finding(e.Path, AuditedChange.DirectoryChanged);
            }

            return entries.Any(other => FlashPaths.IsBelow(other.Path, e.Path)) || gone.Any(path => FlashPaths.IsBelow(path, e.Path))
                ? null
                : Finding(e.Path, AuditedChange.DirectoryTouched);
        }
    }

    private bool IsInImage(string path) => FileNode.Find(root + path) is not null;

    private bool IsAsInImage(AuditEntry e)
        => FileNode.Find(root + e.Path) is { } node && node.Mode == e.Mode && node.Uid == e.User && node.Gid == e.Group;

    // Who made a directory is who wrote below it.
    private AuditedWrite Finding(string path, AuditedChange change) => new(
        path,
        change,
        [.. processes.Where(p => p.Key == path || FlashPaths.IsBelow(p.Key, path)).SelectMany(p => p.Value).Distinct().Order(StringComparer.Ordinal)]);

    private AuditedChange Change(AuditEntry e) => (e.Type, IsInImage(e.Path)) switch
    {
        ("c", true) => AuditedChange.Deleted,
        ("d", _) => AuditedChange.DirectoryMade,
        ("l", true) => AuditedChange.LinkReplaced,
        ("l", false) => AuditedChange.LinkMade,
        ("f", true) => AuditedChange.FileWritten,
        ("f", false) => AuditedChange.FileMade,
        _ => AuditedChange.SpecialMade,
    };

    [GeneratedRegex(@" \(deleted\)$")]
    private static partial Regex Deleted();
}
