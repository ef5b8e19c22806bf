using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>One name in a tree as lstat(2) sees it: links are not followed.</summary>
/// <param name="Path">Absolute path on this machine.</param>
/// <param name="Status">What lstat(2) gave.</param>
public readonly record struct FileNode(string Path, Stat Status)
{
    /// <summary>Whether it is a directory (not a link to one).</summary>
    public bool IsDirectory => Type == FilePermissions.S_IFDIR;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => Type == FilePermissions.S_IFREG;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsLink => Type == FilePermissions.S_IFLNK;

    /// <summary>Whether it is a character or block device.</summary>
    public bool IsDevice => Type is FilePermissions.S_IFCHR or FilePermissions.S_IFBLK;

    /// <summary>Permission bits with set-id and sticky bits.</summary>
    public int Mode => (int)(Status.st_mode & ~FilePermissions.S_IFMT);

    /// <summary>The type bits of the mode.</summary>
    public FilePermissions Type => Status.st_mode & FilePermissions.S_IFMT;

    /// <summary>The type in words, for messages.</summary>
    public string TypeName => Type switch
    {
        FilePermissions.S_IFDIR => "directory",
        FilePermissions.S_IFREG => "file",
        FilePermissions.S_IFLNK => "symlink",
        FilePermissions.S_IFCHR or FilePermissions.S_IFBLK => "device node",
        FilePermissions.S_IFIFO => "named pipe",
        _ => "socket",
    };

    /// <summary>The link's target as it is stored.</summary>
    /// <exception cref="IOException">It is no link, or is gone.</exception>
    public string Target => LinkTarget.Of(Path);

    /// <summary>The name alone, without the way there.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Looks at a path; null when nothing is there.</summary>
    /// <exception cref="IOException">The system refused for another reason.</exception>
    public static FileNode? Find(string path)
    {
        return PosixFailure.ThrowUnlessMissing(Syscall.lstat(path, out var status), $"cannot look at '{path}'") ? new FileNode(path, status) : null;
    }

    /// <summary>Looks at a path at which something must be.</summary>
    public static FileNode Get(string path) => Find(path) ?? throw PosixFailure.Of(Errno.ENOENT, $"cannot look at '{path}'");

    /// <summary>Opens this file to read it. Nothing but a file is ever opened: a pipe would wait for a writer, and a device might act.</summary>
    /// <exception cref="IOException">It is no file, or cannot be read.</exception>
    public SafeFileHandle Open()
    {
        if (!IsFile)
        {
            throw new IOException($"'{ByteName.Printable(Path)}' is a {TypeName} and no file");
        }

        var descriptor = Syscall.open(Path, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC);
        PosixFailure.ThrowIf(descriptor, $"cannot read '{Path}'");
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>This file's whole content.</summary>
    public byte[] ReadAllBytes()
    {
        using var handle = Open();
        return ReadAllBytes(handle);
    }

    /// <summary>The whole content of an open file.</summary>
    internal static byte[] ReadAllBytes(SafeFileHandle handle)
    {
        var content = new byte[RandomAccess.GetLength(handle)];
        var length = 0;
        for (int read; length < content.Length && (read = RandomAccess.Read(handle, content.AsSpan(length), length)) > 0;)
        {
            length += read;
        }

        return length == content.Length ? content : content[..length];
    }

    /// <summary>What is directly in this directory, in ordinal order of names.</summary>
    public IEnumerable<FileNode> Children()
    {
        var directory = Path.TrimEnd('/');
        foreach (var (name, _) in DirectoryNames.Read(Path).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            yield return Get($"{directory}/{name}");
        }
    }

    /// <summary>
    /// All that is below this directory, a directory before what is in it. Follows no link and enters no other file system.
    /// </summary>
    /// <param name="enter">Tells whether to go into a directory; null for all.</param>
    public IEnumerable<FileNode> Below(Func<FileNode, bool>? enter = null)
    {
        var waiting = new Stack<IEnumerator<FileNode>>([Children().GetEnumerator()]);
        while (waiting.TryPeek(out var level))
        {
            if (!level.MoveNext())
            {
                waiting.Pop().Dispose();
                continue;
            }

            var node = level.Current;
            yield return node;
            if (node.IsDirectory && node.Status.st_dev == Status.st_dev && (enter is null || enter(node)))
            {
                waiting.Push(node.Children().GetEnumerator());
            }
        }
    }
}
