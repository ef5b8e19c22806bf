using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Writes that survive a kill at any moment and a power cut: synced first, then renamed.</summary>
internal static class Durable
{
    // Up to here, file by file is faster than waiting for whatever else the file system has to write.
    private const int FewEntries = 32;

    // Links need no writing out beside their directory, but each is looked at to tell: not tens of thousands.
    private const int MostLookedAt = 1_000;

    /// <summary>Writes a tree's pending data out; reports errors of earlier writes, such as a full disk. On one file system.</summary>
    /// <param name="directory">The tree's root.</param>
    /// <exception cref="IOException">A write failed; <see cref="Exception.HResult"/> is the errno.</exception>
    public static void SyncTree(string directory)
    {
        var looked = FileNode.Get(directory).Below().Take(MostLookedAt + 1).ToList();
        var entries = looked.FindAll(node => !node.IsLink);

        // Opening anything else could hang (a pipe) or do something (a device).
        if (looked.Count > MostLookedAt || entries.Count > FewEntries || !entries.TrueForAll(node => node.IsFile || node.IsDirectory))
        {
            SyncFileSystem(directory);
            return;
        }

        foreach (var path in entries.Select(entry => entry.Path).Reverse().Append(directory))
        {
            WithDescriptor(path, Syscall.fsync, "cannot write out");
        }
    }

    /// <summary>Writes all of a file system's pending data out, this tree's and any other; errors as above.</summary>
    /// <param name="path">Any existing path on the file system.</param>
    public static void SyncFileSystem(string path) => WithDescriptor(path, syncfs, "cannot write out the file system of");

    /// <summary>Writes all of this machine's pending data out.</summary>
    public static void SyncAll() => _ = Syscall.sync();

    /// <summary>Writes a file's pending data out.</summary>
    public static void SyncFile(string path) => WithDescriptor(path, Syscall.fsync, "cannot write out");

    /// <summary>Makes a directory's entries durable: names, renames and links in it.</summary>
    public static void SyncDirectory(string directory) => WithDescriptor(directory, Syscall.fsync, "cannot write out the directory");

    /// <summary>rename(2): replaces a file or link in one step; directories must not exist at the new name.</summary>
    public static void Rename(string from, string to)
        => PosixFailure.ThrowIf(Stdlib.rename(from, to), $"cannot rename '{from}' to '{to}'");

    /// <summary>Renames and makes it durable: when this returns, the new name is there after a power cut too.</summary>
    public static void RenameAndSync(string from, string to)
    {
        Rename(from, to);
        SyncDirectory(Path.GetDirectoryName(to)!);
    }

    /// <summary>Swaps two paths in one step, so that a reader sees either the one or the other under each name.</summary>
    public static void Exchange(string one, string other)
    {
        const int CurrentDirectory = -100;
        const uint RenameExchange = 2;
        PosixFailure.ThrowIf(renameat2(CurrentDirectory, one, CurrentDirectory, other, RenameExchange), $"cannot swap '{one}' and '{other}'");
        SyncDirectory(Path.GetDirectoryName(other)!);
    }

    /// <summary>Points a symbolic link elsewhere in one step; made when it is not there.</summary>
    /// <param name="link">Absolute path of the link.</param>
    /// <param name="target">Its new target, as it is to be stored.</param>
    public static void SwapLink(string link, string target)
    {
        var made = TemporaryName(link);
        FileChange.Delete(made);
        PosixFailure.ThrowIf(Syscall.symlink(target, made), $"cannot make the link '{made}'");
        RenameAndSync(made, link);
    }

    /// <summary>Replaces a file in one step with synced content.</summary>
    /// <param name="path">Absolute path; its directory must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="mode">Its mode, whatever the umask is; it is at no moment open to more.</param>
    public static void ReplaceFile(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var made = TemporaryName(path);
        // Left by a kill, perhaps with another mode.
        File.Delete(made);
        using (var stream = new FileStream(made, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            File.SetUnixFileMode(stream.SafeFileHandle, mode);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        RenameAndSync(made, path);
    }

    /// <summary>Whether a name is one under which links and files are made before they are renamed; may be deleted when no build runs.</summary>
    public static bool IsTemporaryName(string fileName) => fileName.StartsWith(TemporaryPrefix, StringComparison.Ordinal);

    private const string TemporaryPrefix = ".dom0image-new-";

    /// <summary>The name beside a path under which it is made.</summary>
    internal static string TemporaryName(string path)
        => Path.Combine(Path.GetDirectoryName(path)!, TemporaryPrefix + Path.GetFileName(path));

    private static void WithDescriptor(string path, Func<int, int> call, string doing)
    {
        var descriptor = Syscall.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
        PosixFailure.ThrowIf(descriptor, $"cannot open '{path}'");
        try
        {
            PosixFailure.ThrowIf(call(descriptor), $"{doing} '{path}'");
        }
        finally
        {
            _ = Syscall.close(descriptor);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int syncfs(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int renameat2(
        int oldDirectory,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string oldPath,
        int newDirectory,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath,
        uint flags);
}
