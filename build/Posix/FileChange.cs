using System.Text;
using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Single changes to a tree, none of which follows a link at the path's end. Each throws an <see cref="IOException"/> that says what was tried.</summary>
internal static class FileChange
{
    /// <summary>mkdir(2) with exactly these bits, whatever the umask is.</summary>
    public static void MakeDirectory(string path, int mode)
    {
        PosixFailure.ThrowIf(Syscall.mkdir(path, FilePermissions.S_IRWXU), $"cannot make the directory '{path}'");
        SetMode(path, mode);
    }

    /// <summary>Makes a new file; one that is there is an error.</summary>
    public static void MakeFile(string path, ReadOnlySpan<byte> content, int mode)
    {
        // Never open to more than the mode says: it may be a secret. The bits that the umask took come last.
        using var file = OpenNew(path, mode);
        RandomAccess.Write(file, content, 0);
    }

    /// <summary>Makes a new file to write to, with exactly these bits; one that is there is an error.</summary>
    public static SafeFileHandle OpenNew(string path, int mode)
    {
        var descriptor = Syscall.open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_CLOEXEC, (FilePermissions)mode);
        PosixFailure.ThrowIf(descriptor, $"cannot make '{path}'");
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        File.SetUnixFileMode(file, (UnixFileMode)mode);
        return file;
    }

    /// <summary>Replaces a file's whole content with text; mode and owner stay, and so does the old content when it fails.</summary>
    public static void ReplaceContent(FileNode file, string content)
    {
        var made = file.Path + ".dom0image-new";
        Delete(made);
        MakeFile(made, Encoding.UTF8.GetBytes(content), file.Mode);
        SetOwner(made, file.Uid, file.Gid);
        SetMode(made, file.Mode);
        Durable.Rename(made, file.Path);
    }

    /// <summary>symlink(2).</summary>
    public static void MakeLink(string path, string target)
        => PosixFailure.ThrowIf(Syscall.symlink(target, path), $"cannot make the link '{path}'");

    /// <summary>Deletes a file or link; one that is not there is no error.</summary>
    public static void Delete(string path)
        => PosixFailure.ThrowUnlessMissing(Syscall.unlink(path), $"cannot delete '{path}'");

    /// <summary>rmdir(2): deletes a directory in which nothing is.</summary>
    public static void DeleteDirectory(string path)
        => PosixFailure.ThrowIf(Syscall.rmdir(path), $"cannot delete the directory '{path}'");

    /// <summary>mknod(2): makes a device, named pipe or socket, for root alone.</summary>
    /// <param name="path">Where nothing is.</param>
    /// <param name="type">What it is.</param>
    /// <param name="device">What a device stands for, see <see cref="DeviceNumber"/>; 0 for others.</param>
    public static void MakeNode(string path, FileType type, ulong device)
    {
        var kind = type switch
        {
            FileType.CharacterDevice => FilePermissions.S_IFCHR,
            FileType.BlockDevice => FilePermissions.S_IFBLK,
            FileType.Fifo => FilePermissions.S_IFIFO,
            FileType.Socket => FilePermissions.S_IFSOCK,
            _ => throw new ArgumentException($"a {type} is made in another way", nameof(type)),
        };
        PosixFailure.ThrowIf(Syscall.mknod(path, kind | FilePermissions.S_IRUSR | FilePermissions.S_IWUSR, device), $"cannot make '{path}'");
    }

    /// <summary>link(2): another name for a file.</summary>
    /// <returns>Whether the file system took it: the two may be on different ones, or it knows no such thing.</returns>
    public static bool TryMakeName(string path, string existing) => Syscall.link(existing, path) == 0;

    /// <summary>chmod(2); not for links.</summary>
    public static void SetMode(string path, int mode)
        => PosixFailure.ThrowIf(Syscall.chmod(path, (FilePermissions)mode), $"cannot set the mode of '{path}'");

    /// <summary>utimensat(2): the time of the last change, whole seconds; of a link, its own.</summary>
    public static void SetTime(string path, DateTimeOffset time)
    {
        var at = new Timespec { tv_sec = time.ToUnixTimeSeconds() };
        PosixFailure.ThrowIf(Syscall.utimensat(Syscall.AT_FDCWD, path, [at, at], AtFlags.AT_SYMLINK_NOFOLLOW), $"cannot set the time of '{path}'");
    }

    /// <summary>truncate(2): what it grows by takes no disk yet.</summary>
    public static void SetSize(string path, long size) => PosixFailure.ThrowIf(Syscall.truncate(path, size), $"cannot set the size of '{path}'");

    /// <summary>lchown(2). Clears the set-id bits of files: set the mode afterwards.</summary>
    public static void SetOwner(string path, uint user, uint group)
        => PosixFailure.ThrowIf(Syscall.lchown(path, user, group), $"cannot set the owner of '{path}'");
}
