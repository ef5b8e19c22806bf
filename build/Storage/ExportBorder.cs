using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Storage;

/// <summary>What is known of an exported directory beside the table of mounts.</summary>
/// <param name="MountId">Number of the mount that it is seen through.</param>
/// <param name="GivesHandles">Whether its file system gives file handles.</param>
/// <param name="Subvolumes">Subvolumes of a btrfs beside the one that it is born with; null where they were not asked for, or could not be.</param>
internal sealed record BorderFacts(int MountId, bool GivesHandles, ImmutableArray<string>? Subvolumes = null);

/// <summary>
/// Whether an export ends where it says. A client's file handle names an inode of a file system, and whoever may mount a
/// directory can make up the handles of all others: only a file system that holds nothing else is a border. Neither a bind
/// mount nor a subvolume is one.
/// </summary>
internal static class ExportBorder
{
    private const string Cure = "Give it a file system of its own ('storage' in the site; './build.sh --target=Storage' moves what is there), or accept it in so many words ('shared-file-system')";

    /// <summary>All that is wrong with an exported place; nothing when clients get it and nothing else.</summary>
    /// <param name="place">Absolute path without links in it.</param>
    /// <param name="mounts">What is mounted where the server runs.</param>
    /// <param name="facts">What else is known of it.</param>
    public static ImmutableArray<Diagnostic> Check(string place, MountInfo mounts, BorderFacts facts)
    {
        ArgumentNullException.ThrowIfNull(mounts);
        ArgumentNullException.ThrowIfNull(facts);
        var mount = MountOf(place, mounts, facts);
        return
        [
            .. CheckHandles(place, mounts, facts),
            .. mount.Point == place ? CheckOwn(place, mount, facts) : [NotMounted(place, mount)],
            .. mount.Point == place && mount.Root == "/" ? CheckAlone(place, mounts, mount) : [],
        ];
    }

    /// <summary>Whether an NFS server can export a place at all; this holds where a shared file system was accepted, too.</summary>
    public static ImmutableArray<Diagnostic> CheckHandles(string place, MountInfo mounts, BorderFacts facts)
    {
        ArgumentNullException.ThrowIfNull(mounts);
        ArgumentNullException.ThrowIfNull(facts);
        return facts.GivesHandles ? [] :
        [
            new Diagnostic($"'{place}' lies on {NameOf(MountOf(place, mounts, facts))}, which gives no file handles: an NFS server would export nothing, and clients would wait for their root and panic")
            {
                Hint = "A container's own file system is of that kind. Name a device with XFS or ext4 under 'storage' in the site, or build below a --prefix= on another machine",
            },
        ];
    }

    /// <summary>The mount that a place is seen through, whatever else is mounted at its point.</summary>
    public static MountEntry MountOf(string place, MountInfo mounts, BorderFacts facts)
    {
        ArgumentNullException.ThrowIfNull(mounts);
        ArgumentNullException.ThrowIfNull(facts);
        return mounts.Entries.FirstOrDefault(e => e.Id == facts.MountId) ?? mounts.Holding(place);
    }

    /// <summary>A file system as messages name it, such as <c>ext4 on /dev/vda, mounted at /</c>.</summary>
    public static string NameOf(MountEntry mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return $"{mount.Type} on {mount.Source}, mounted at {mount.Point}";
    }

    private static Diagnostic NotMounted(string place, MountEntry holder)
        => new($"'{place}' is a directory of {NameOf(holder)}: whoever may mount it can reach all that is there") { Hint = Cure };

    private static IEnumerable<Diagnostic> CheckOwn(string place, MountEntry mount, BorderFacts facts)
    {
        if (mount.Type == "overlay")
        {
            yield return new Diagnostic($"'{place}' is an overlay: what it shows lies on other file systems") { Hint = Cure };
        }
        else if (mount.Root != "/")
        {
            yield return new Diagnostic(mount.Type == "btrfs"
                ? $"'{place}' is the subvolume {mount.Root} of a btrfs on {mount.Source}: whoever may mount it can reach all other subvolumes"
                : $"'{place}' is a bind mount of {mount.Root} of {mount.Type} on {mount.Source}: whoever may mount it can reach all that is there")
            {
                Hint = Cure,
            };
        }
        else if (mount.Type == "btrfs" && facts.Subvolumes is not { Length: 0 })
        {
            yield return new Diagnostic(facts.Subvolumes is { } others
                ? $"'{place}' is a btrfs with more subvolumes than the one that is mounted ({string.Join(", ", others)}), and whoever may mount it can reach them"
                : $"'{place}' is a btrfs, and whether it has more subvolumes than the one that is mounted cannot be told: there is no program btrfs")
            {
                Hint = facts.Subvolumes is null ? "Install the package btrfs-progs, or take XFS or ext4" : $"Delete them (btrfs subvolume delete), or take XFS or ext4. {Cure}",
            };
        }
    }

    private static IEnumerable<Diagnostic> CheckAlone(string place, MountInfo mounts, MountEntry mount)
    {
        var below = mounts.Below(place).Where(e => e.Point != place).ToArray();
        foreach (var nested in below)
        {
            yield return new Diagnostic($"'{nested.Point}' is mounted inside the export '{place}': it holds something else, and is not exported with it") { Hint = $"umount {nested.Point}" };
        }

        foreach (var other in mounts.Entries.Where(e => e.Device == mount.Device && e.Point != place && !below.Contains(e)))
        {
            yield return new Diagnostic($"the file system of '{place}' ({mount.Type} on {mount.Source}) is mounted at {other.Point} too: who may reach the one can reach the other")
            {
                Hint = $"umount {other.Point}, or give each a file system of its own",
            };
        }
    }
}
