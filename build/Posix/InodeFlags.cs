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
        // Others than these have none, and to open one could hang.
        if (FileNode.Find(path) is not ({ IsFile: true } or { IsDirectory: true }))
        {
            return false;
        }

        var descriptor = Syscall.open(path, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC);
        if (descriptor == -1)
        {
            return false;
        }

        try
        {
            long flags = 0;
            if (ioctl(descriptor, Get, ref flags) != 0 || (flags & Kept) == 0)
            {
                return false;
            }

            flags &= ~Kept;
            return ioctl(descriptor, Set, ref flags) == 0;
        }
        finally
        {
            _ = Syscall.close(descriptor);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int descriptor, nuint request, ref long value);
}
