using Dom0Image.Diagnostics;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Tells a full disk from other failures.</summary>
internal static class DiskSpace
{
    private const string Message = "No space left on device";

    /// <summary>
    /// The failure to show in place of <paramref name="problem"/> when it comes from a full disk, or from one that broke below
    /// the directory; null when it does not.
    /// </summary>
    /// <param name="problem">What a stage threw.</param>
    /// <param name="directory">Existing directory that was written to.</param>
    public static BuildFailedException? Explain(Exception problem, string directory)
        => IsDiskFull(problem) ? new BuildFailedException(Describe(directory, problem), problem)
            : BrokenDisk.IsDead(directory) ? BrokenDisk.Explain(problem, directory)
            : null;

    /// <summary>Whether an exception, or one inside it, says that no space or quota is left.</summary>
    public static bool IsDiskFull(Exception problem) => problem switch
    {
        // .NET and PosixFailure put the errno there.
        IOException io when io.HResult is 28 or 122 => true,
        ToolFailedException tool => tool.LastLines.Any(line => line.Contains(Message, StringComparison.OrdinalIgnoreCase) || line.Contains("Disk quota exceeded", StringComparison.OrdinalIgnoreCase)),
        AggregateException several => several.InnerExceptions.Any(IsDiskFull),
        _ => problem.InnerException is { } inner && IsDiskFull(inner),
    };

    /// <summary>The directory with the least room.</summary>
    /// <param name="directories">Absolute paths; those that are not there are passed over.</param>
    /// <returns>One of them, or <c>/</c> when none is there.</returns>
    public static string FullestOf(params string[] directories)
        => directories.Where(Directory.Exists).MinBy(path => Syscall.statvfs(path, out var space) == 0 ? space.f_bavail * space.f_frsize : ulong.MaxValue) ?? "/";

    private static Diagnostic Describe(string directory, Exception problem)
    {
        if (HostOf(directory) is { } host)
        {
            return host;
        }

        var what = $"disk full: no space left for '{directory}'";
        if (Syscall.statvfs(directory, out var space) == 0)
        {
            var mebibytes = space.f_bavail * space.f_frsize / (1024 * 1024);
            what += $" on the file system mounted at {MountPoint(directory)} ({mebibytes} MiB and {space.f_favail} inodes free)";
        }

        return new Diagnostic($"{what}: {problem.Message}")
        {
            Hint = "Free some space, or name another place with --store= or --prefix=. Nothing that is published was changed",
        };
    }

    // An image file's own disk is full: there is room in the file system, but it cannot be written.
    private static Diagnostic? HostOf(string directory)
    {
        var mount = MountInfo.Read().Holding(Path.GetFullPath(directory));
        if (LoopDevice.Find(mount.Source) is not { } loop || Path.GetDirectoryName(loop.BackingFile) is not { } disk || !Directory.Exists(disk))
        {
            return null;
        }

        var (inside, outside) = (FileSystemSpace.Of(directory).Free, FileSystemSpace.Of(disk).Free);
        return outside >= inside ? null
            : new Diagnostic($"disk full: '{directory}' has {HumanText.Size(inside)} free, but lies in the image file {loop.BackingFile}, whose disk has {HumanText.Size(outside)} left")
            {
                Hint = $"Free some space on that disk, before the file system at {mount.Point} breaks under all that use it",
            };
    }

    private static string MountPoint(string directory)
    {
        for (var path = Path.GetFullPath(directory); ; path = Path.GetDirectoryName(path)!)
        {
            if (path == "/" || MountTable.Below(path).Contains(path))
            {
                return path;
            }
        }
    }
}
