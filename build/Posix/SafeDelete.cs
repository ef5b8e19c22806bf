using System.IO.Enumeration;
using Dom0Image.Diagnostics;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>
/// Deletes trees of ours as root without ever reaching anything else: links are removed and not followed, and a tree in
/// which something is mounted is left alone as a whole.
/// </summary>
public static class SafeDelete
{
    /// <summary>Deletes a file, a link or a directory with all that is in it; one that is not there is no error.</summary>
    /// <param name="path">Absolute path.</param>
    /// <exception cref="BuildFailedException">Something is mounted at it or below it; nothing was deleted.</exception>
    /// <exception cref="IOException">The system refused; part may be deleted.</exception>
    public static void Tree(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path.Trim('/'));
        if (Syscall.lstat(path, out var status) != 0)
        {
            if (Stdlib.GetLastError() is Errno.ENOENT or Errno.ENOTDIR)
            {
                return;
            }

            throw PosixFailure.Last($"cannot delete '{path}'");
        }

        if (!IsDirectory(status))
        {
            Unlink(path);
            return;
        }

        RefuseMounts(path);
        DeleteDirectory(path, status.st_dev);
    }

    // A bind mount has the device number of its file system, so that numbers alone would not tell it.
    private static void RefuseMounts(string path)
    {
        var mounts = MountTable.Below(RealPath(path));
        if (mounts.Count > 0)
        {
            throw new BuildFailedException(new Diagnostic($"'{path}' is not deleted, because something is mounted in it: {string.Join(", ", mounts)}")
            {
                Hint = $"See what it is, then: umount {mounts[^1]}",
            });
        }
    }

    private static void DeleteDirectory(string directory, ulong device)
    {
        foreach (var (path, mayBeDirectory) in Entries(directory))
        {
            if (!mayBeDirectory)
            {
                Unlink(path);
                continue;
            }

            PosixFailure.ThrowIf(Syscall.lstat(path, out var status), $"cannot delete '{path}'");
            if (!IsDirectory(status))
            {
                Unlink(path);
            }
            else if (status.st_dev != device)
            {
                throw PosixFailure.Of(Errno.EXDEV, $"'{path}' is not deleted, because it is on another file system");
            }
            else
            {
                DeleteDirectory(path, device);
            }
        }

        PosixFailure.ThrowIf(Syscall.rmdir(directory), $"cannot delete '{directory}'");
    }

    // Read as a whole first: deleting while a directory is read may hide entries on some file systems.
    private static List<(string Path, bool MayBeDirectory)> Entries(string directory) =>
    [
        .. new FileSystemEnumerable<(string, bool)>(
            directory,
            static (ref entry) => (entry.ToFullPath(), !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.IsDirectory),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false }),
    ];

    private static void Unlink(string path)
    {
        if (Syscall.unlink(path) != 0 && Stdlib.GetLastError() != Errno.ENOENT)
        {
            throw PosixFailure.Last($"cannot delete '{path}'");
        }
    }

    private static bool IsDirectory(Stat status) => (status.st_mode & FilePermissions.S_IFMT) == FilePermissions.S_IFDIR;

    // As the kernel knows it, whatever links lead there.
    private static string RealPath(string directory)
    {
        var descriptor = Syscall.open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC);
        PosixFailure.ThrowIf(descriptor, $"cannot open '{directory}'");
        try
        {
            return Mono.Unix.UnixPath.ReadLink($"/proc/self/fd/{descriptor}");
        }
        finally
        {
            _ = Syscall.close(descriptor);
        }
    }
}
