using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Recipes;

/// <summary>
/// What a flash list can be told to be wrong without looking at a tree: entries that contradict each other and paths that
/// the image cannot give up. Whether a path leads through a link of the image is checked against the tree.
/// </summary>
internal static class FlashCheck
{
    /// <summary>Paths that clients need before the RAM tree stands, or that are not the image's; with all that is below them.</summary>
    private static readonly ImmutableArray<(string Path, string Reason)> Kept =
    [
        ("/flash", "is where the RAM tree itself stands"),
        ("/bin", "holds programs that run before the RAM tree stands"),
        ("/sbin", "holds programs that run before the RAM tree stands"),
        ("/lib", "holds libraries and kernel modules that are read before the RAM tree stands"),
        ("/lib32", "holds libraries that are read before the RAM tree stands"),
        ("/lib64", "holds libraries that are read before the RAM tree stands"),
        ("/libx32", "holds libraries that are read before the RAM tree stands"),
        ("/usr", "holds programs and libraries that run before the RAM tree stands"),
        ("/dev", "is the kernel's: devices are mounted over it"),
        ("/proc", "is the kernel's: it is mounted over"),
        ("/sys", "is the kernel's: it is mounted over"),
        ("/run", "is in RAM already: the init system mounts a tmpfs over it"),
        ("/boot", "is not read by clients: their kernels come from the boot server"),
        ("/etc/inittab", "is read by init before the RAM tree stands"),
        ("/etc/fstab", "is read before the RAM tree stands"),
        ("/etc/init.d", "holds the script that makes the RAM tree"),
        ("/etc/rcS.d", "names the script that makes the RAM tree"),
        ("/etc/rc0.d", "is read by init"),
        ("/etc/rc1.d", "is read by init"),
        ("/etc/rc2.d", "is read by init"),
        ("/etc/rc3.d", "is read by init"),
        ("/etc/rc4.d", "is read by init"),
        ("/etc/rc5.d", "is read by init"),
        ("/etc/rc6.d", "is read by init"),
        ("/etc/default", "is read by init scripts before the RAM tree stands"),
        ("/etc/systemd", "is read by init before the RAM tree stands"),
        ("/etc/passwd", "names the users, alike on every client, and is read before the RAM tree stands"),
        ("/etc/group", "names the groups, alike on every client, and is read before the RAM tree stands"),
        ("/etc/shadow", "holds the passwords, alike on every client"),
        ("/etc/gshadow", "holds the passwords of groups, alike on every client"),
        ("/etc/nsswitch.conf", "is read before the RAM tree stands"),
        ("/etc/ld.so.cache", "is read by every program"),
        ("/etc/ld.so.conf", "decides which libraries programs load"),
        ("/etc/ld.so.conf.d", "decides which libraries programs load"),
        ("/etc/pam.d", "decides who may log in"),
        ("/etc/alternatives", "holds links to programs that run before the RAM tree stands"),
    ];

    private static readonly ImmutableArray<string> Given = ["/usr/local"];

    /// <summary>Everything that is wrong with the entries, each taken on its own and with the others.</summary>
    public static IEnumerable<Diagnostic> Check(ImmutableArray<FlashEntry> entries)
        => entries.SelectMany(e => CheckAlone(e).Concat(CheckParent(e, entries))).Concat(CheckTwice(entries));

    /// <summary>Why the image cannot give up a path, such as <c>"/lib holds ..."</c>; null when it can.</summary>
    public static string? WhyKept(string path)
    {
        if (path == "/")
        {
            return "/ is the image itself";
        }

        if (Given.Any(given => path == given || IsBelow(path, given)))
        {
            return null;
        }

        // An ancestor of a path that must stay has to stay too.
        return Kept.Where(k => path == k.Path || IsBelow(path, k.Path)).Select(k => $"{k.Path} {k.Reason}").FirstOrDefault()
            ?? Kept.Where(k => IsBelow(k.Path, path)).Select(k => $"{k.Path}, which is below it, {k.Reason}").FirstOrDefault();
    }

    /// <summary>The entries with each parent before its children, otherwise in the same order.</summary>
    internal static ImmutableArray<FlashEntry> ParentsFirst(ImmutableArray<FlashEntry> entries)
    {
        var ordered = ImmutableArray.CreateBuilder<FlashEntry>(entries.Length);
        var left = entries.ToList();
        while (left.Count > 0)
        {
            var next = left.First(e => !left.Any(other => IsBelow(e.Path, other.Path)));
            ordered.Add(next);
            left.Remove(next);
        }

        return ordered.DrainToImmutable();
    }

    private static IEnumerable<Diagnostic> CheckAlone(FlashEntry entry)
    {
        if (WhyKept(entry.Path) is { } reason)
        {
            yield return At(entry, $"the image cannot give up '{entry.Path}': {reason}") with { Expected = "a path that is first written to when the RAM tree stands" };
        }

        if (entry is { Kind: FlashKind.File, Start: FlashStart.Tree })
        {
            yield return At(entry, $"'{entry.Path}' is a file and cannot start as a tree") with { Expected = "start: empty or content" };
        }

        if (entry.Kind == FlashKind.File && (entry.Mode & 0b111_000_000_000) != 0)
        {
            yield return At(entry, $"'{entry.Path}' is a writable file with set-id or sticky bits (mode {OctalMode.Of(entry.Mode)})") with { Expected = $"mode {OctalMode.Of(entry.Mode & 0b111_111_111)}" };
        }

        if (entry.Kind == FlashKind.Directory && (entry.Mode & 0b001_000_000_010) == 0b010)
        {
            yield return At(entry, $"everyone could delete what others put in '{entry.Path}' (mode {OctalMode.Of(entry.Mode)})") with { Expected = $"the sticky bit too: mode {OctalMode.Of(entry.Mode | 0b001_000_000_000)}" };
        }
    }

    private static IEnumerable<Diagnostic> CheckParent(FlashEntry entry, ImmutableArray<FlashEntry> entries)
    {
        // Every ancestor counts, not the nearest only: what starts with its content starts so all the way down.
        foreach (var parent in entries.Where(e => IsBelow(entry.Path, e.Path)))
        {
            var contradiction = (parent.Kind, parent.Start) switch
            {
                (FlashKind.File, _) => "is a file and can hold nothing",
                (FlashKind.Symlink, _) => "is a symlink and can hold nothing",
                (_, FlashStart.Content) when entry.Start != FlashStart.Content => "starts with all of its content, this below it too",
                (_, FlashStart.Tree) when entry is { Kind: FlashKind.Directory, Start: FlashStart.Empty } => "starts with all directories of the image, those below this too",
                (_, FlashStart.Tree) when entry is { Kind: FlashKind.Directory, Start: FlashStart.Content } => "starts with directories only and no files below them",
                _ => null,
            };
            if (contradiction is not null)
            {
                yield return At(entry, $"'{entry.Path}' contradicts '{parent.Path}' (line {parent.Where?.Line}), which {contradiction}") with { Expected = Remedy(parent) };
            }
        }
    }

    private static string Remedy(FlashEntry parent) => parent switch
    {
        { Kind: not FlashKind.Directory } => $"'{parent.Path}' to be a directory, or nothing below it",
        { Start: FlashStart.Content } => $"start: content here, or a '{parent.Path}' that starts empty",
        _ => $"start: tree here, or a '{parent.Path}' that starts empty",
    };

    private static IEnumerable<Diagnostic> CheckTwice(ImmutableArray<FlashEntry> entries)
        => entries.GroupBy(e => e.Path).SelectMany(g => g.Skip(1).Select(e => At(e, $"'{e.Path}' is listed twice") with { Expected = $"each path once (the first is in line {g.First().Where?.Line})" }));

    private static bool IsBelow(string path, string ancestor) => path.StartsWith(ancestor + "/", StringComparison.Ordinal);

    private static Diagnostic At(FlashEntry entry, string what) => new(what) { Where = entry.Where };
}
