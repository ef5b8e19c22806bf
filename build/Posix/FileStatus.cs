using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>What stat(2) tells of a file.</summary>
internal static class FileStatus
{
    /// <summary>
    /// When its content, its name or its mode last changed: a file that was moved to its place is as old as before by its time of
    /// writing. Null where there is none.
    /// </summary>
    public static DateTime? ChangedAt(string path) => Syscall.stat(path, out var status) == 0 ? Time(status.st_ctime, status.st_ctime_nsec) : null;

    /// <summary>When its content was last written, which it keeps wherever it is moved. Null where there is none.</summary>
    public static DateTime? WrittenAt(string path) => Syscall.stat(path, out var status) == 0 ? Time(status.st_mtime, status.st_mtime_nsec) : null;

    private static DateTime Time(long seconds, long nanoseconds) => DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
