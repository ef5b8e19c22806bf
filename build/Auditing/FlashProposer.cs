using System.Collections.Frozen;
using System.Collections.Immutable;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Auditing;

/// <summary>
/// Makes the few lines that a person would write of many writes: a directory that is one thing's own where several of its
/// files are written, made or gone again, or where a package brought it; a file alone where it is the only one, or where its
/// directory belongs to many.
/// </summary>
/// <param name="image">What was there, and what is there now.</param>
/// <param name="list">The flash list that the client had.</param>
internal sealed class FlashProposer(AuditedImage image, FlashList list)
{
    private const int PermissionBits = 0b111_111_111;
    private const int Sticky = 0b001_000_000_000;
    private const int OthersWrite = 0b010;

    // What a client holds beside what was measured, and what the limit is rounded to.
    private const double Spare = 1.5;
    private const long SizeStep = 64L << 20;

    // Of the Filesystem Hierarchy Standard, and Debian's own: no package's, and each holds what a client needs unchanged.
    private static readonly FrozenSet<string> Common = FrozenSet.Create(
        StringComparer.Ordinal,
        "/etc", "/etc/cron.d", "/etc/opt", "/home", "/media", "/mnt", "/opt", "/srv", "/var", "/var/backups", "/var/cache", "/var/lib", "/var/local", "/var/log", "/var/mail",
        "/var/opt", "/var/spool", "/var/spool/cron", "/usr/local", "/usr/local/bin", "/usr/local/etc", "/usr/local/lib", "/usr/local/sbin", "/usr/local/share", "/usr/local/var");

    private readonly List<ProposedLine> _lines = [];
    private readonly List<UncoveredWrite> _uncovered = [];

    /// <summary>The lines for what a client wrote.</summary>
    /// <param name="image">What was there, and what is there now.</param>
    /// <param name="list">The flash list that the client had.</param>
    /// <param name="writes">All of it.</param>
    /// <param name="used">Bytes of the limit that the client used in the end.</param>
    public static FlashProposal Of(AuditedImage image, FlashList list, ImmutableArray<AuditedWrite> writes, long used)
    {
        var proposer = new FlashProposer(image, list);
        proposer.Look("", writes);
        var needed = used + proposer._lines.Sum(line => image.Ram(line.Entry.Path));
        ImmutableArray<ProposedLine> lines = [.. proposer._lines.OrderBy(line => line.Entry.Path, StringComparer.Ordinal)];
        return new FlashProposal(lines, [.. proposer._uncovered])
        {
            Size = lines.IsEmpty || needed * Spare <= list.SizeLimit ? null : (long)Math.Ceiling(needed * Spare / SizeStep) * SizeStep,
        };
    }

    private void Look(string directory, IEnumerable<AuditedWrite> writes)
    {
        foreach (var group in writes.GroupBy(w => Child(directory, w.Path)))
        {
            ImmutableArray<AuditedWrite> below = [.. group];
            if (!below.Any(w => IsOfDirectory(w.Change) || w.Path != group.Key))
            {
                LookAtFile(below[0]);
            }
            else if (IsShared(group.Key) && !below.Any(w => w.Path == group.Key && w.Change is AuditedChange.DirectoryMade))
            {
                foreach (var write in below.Where(w => w.Path == group.Key))
                {
                    Refuse(write, WhyNot(write.Path) ?? $"{write.Path} belongs to many, and is the same for all clients");
                }

                Look(group.Key, below.Where(w => w.Path != group.Key));
            }
            else
            {
                LookAtOwn(group.Key, below);
            }
        }
    }

    private void LookAtFile(AuditedWrite write)
    {
        if (WhyNot(write.Path) is { } why)
        {
            Refuse(write, why);
        }
        else if (write.Change is AuditedChange.FileMade or AuditedChange.FileWritten)
        {
            AddFile(write);
        }
        else
        {
            Refuse(write, $"a line can make a file writable, and {Parent(write.Path)}, which belongs to many, stays read-only: nothing is made, renamed or deleted in it");
        }
    }

    private void LookAtOwn(string top, ImmutableArray<AuditedWrite> writes)
    {
        var directory = writes.Length == 1 && writes[0].Change is AuditedChange.DirectoryMade && !(writes[0].Path != top && image.IsPackaged(Parent(writes[0].Path)))
            ? writes[0].Path
            : writes.Select(w => w.Path == top || w.Change is AuditedChange.DirectoryChanged or AuditedChange.DirectoryTouched ? w.Path : Parent(w.Path)).Aggregate(InCommon);
        if (writes.Length == 1 && writes[0].Change is AuditedChange.FileMade or AuditedChange.FileWritten && !image.IsPackaged(directory))
        {
            LookAtFile(writes[0]);
            return;
        }

        while (directory != top && !FlashModel.ImagePath.Fits(directory))
        {
            directory = Parent(directory);
        }

        if (WhyNot(directory) is { } why)
        {
            foreach (var write in writes)
            {
                Refuse(write, why);
            }

            return;
        }

        var (mode, owner, group) = image.Rights(directory);
        // Anything else the recipe's reader refuses.
        mode |= (mode & OthersWrite) != 0 ? Sticky : 0;
        _lines.Add(new ProposedLine(new FlashEntry(directory, FlashKind.Directory, mode, owner, group, image.Start(directory)), writes));
    }

    private void AddFile(AuditedWrite write)
    {
        var (mode, owner, group) = image.Rights(write.Path);
        var start = image.Has(write.Path) ? FlashStart.Content : FlashStart.Empty;
        _lines.Add(new ProposedLine(new FlashEntry(write.Path, FlashKind.File, mode & PermissionBits, owner, group, start), [write]));
    }

    private void Refuse(AuditedWrite write, string why) => _uncovered.Add(new UncoveredWrite(write, why));

    private string? WhyNot(string path)
        => FlashCheck.WhyKept(path) is { } reason ? $"the image cannot give it up: {reason}"
            : list.Entries.Any(e => e.Path == path) ? "it is on the flash list, and was replaced as a whole: a client's link to its RAM cannot be"
            : FlashModel.ImagePath.Fits(path) ? null : "a flash list cannot hold such a name";

    private bool IsShared(string path)
        => Common.Contains(path) || FlashCheck.WhyKept(path) is not null || (Parent(path) == "/etc" && path.EndsWith(".d", StringComparison.Ordinal))
            || list.Entries.Any(e => e.Path == path || FlashPaths.IsBelow(e.Path, path));

    private static bool IsOfDirectory(AuditedChange change) => change is AuditedChange.DirectoryMade or AuditedChange.DirectoryChanged or AuditedChange.DirectoryTouched;

    private static string Parent(string path) => ContainedPath.Parent(path);

    // The name directly below a directory on the way to a path.
    private static string Child(string directory, string path)
        => path.IndexOf('/', directory.Length + 1) is > 0 and var end ? path[..end] : path;

    private static string InCommon(string one, string other)
    {
        while (one != other && !FlashPaths.IsBelow(other, one))
        {
            one = Parent(one);
        }

        return one;
    }
}
