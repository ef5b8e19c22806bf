using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>What stat(2) tells of a file.</summary>
internal static class FileStatus
{
    /// <summary>
    /// When its content, its name or its mode last changed: a file that was moved to its place is as old as before by its time of
    /// writing. Null where there is none.
    /// </summary>
    public static DateTime? ChangedAt(string path)
        => Syscall.stat(path, out var status) == 0
            ? DateTime.UnixEpoch.AddSeconds(status.st_ctime).AddTicks(status.st_ctime_nsec / TimeSpan.NanosecondsPerTick)
            : null;
}
