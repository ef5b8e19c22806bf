using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>The flags of chattr(1) that keep root itself from changing a file.</summary>
internal static class InodeFlags
{
    // FS_IOC_GETFLAGS and FS_IOC_SETFLAGS of linux/fs.h, as 64-bit machines number them.
    private const nuint Get = 0x80086601;
    private const nuint Set = 0x40086602;

    // FS_IMMUTABLE_FL and FS_APPEND_FL.
    private const int Kept = 0x10 | 0x20;

    /// <summary>Takes them off a file or directory, where the file system and our rights allow it.</summary>
    /// <returns>Whether one was set and is not any more.</returns>
    public static bool Clear(string path)
    {
        using var lifted = Lift(path);
        lifted?.Keep();
        return lifted is not null;
    }

    /// <summary>Takes them off until it is disposed; null where none was set, or they cannot be taken off. A file that has no name any more by then stays without.</summary>
    public static LiftedFlags? Lift(string path)
    {
        // Others than these have none, and to open one could hang.
        if (FileNode.Find(path) is not ({ IsFile: true } or { IsDirectory: true }))
        {
            return null;
        }

        var descriptor = Syscall.open(path, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC);
        if (descriptor == -1)
        {
            return null;
        }

        long flags = 0;
        var without = 0L;
        if (ioctl(descriptor, Get, ref flags) == 0 && (flags & Kept) != 0)
        {
            without = flags & ~Kept;
            if (ioctl(descriptor, Set, ref without) == 0)
            {
                return new LiftedFlags(descriptor, flags);
            }
        }

        _ = Syscall.close(descriptor);
        return null;
    }

    /// <summary>Flags that are off for a while.</summary>
    internal sealed class LiftedFlags(int descriptor, long flags) : IDisposable
    {
        private long _flags = flags;
        private bool _keep;

        /// <summary>Leaves them off.</summary>
        public void Keep() => _keep = true;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!_keep && Syscall.fstat(descriptor, out var status) == 0 && status.st_nlink > 0)
            {
                _ = ioctl(descriptor, Set, ref _flags);
            }

            _ = Syscall.close(descriptor);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, ref long value);
}
