using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>One name in a tree as lstat(2) sees it: links are not followed.</summary>
internal readonly record struct FileNode
{
    // stat(2) counts in these whatever the file system's blocks are.
    private const int BlockSize = 512;

    private readonly Stat _status;

    internal FileNode(string path, Stat status) => (Path, _status) = (path, status);

    /// <summary>Absolute path on this machine.</summary>
    public string Path { get; }

    public FileType Type => TypeOf(_status.st_mode);

    /// <summary>Whether it is a directory, and not a link to one.</summary>
    public bool IsDirectory => Type == FileType.Directory;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => Type == FileType.File;

    public bool IsLink => Type == FileType.Symlink;

    public bool IsDevice => Type is FileType.CharacterDevice or FileType.BlockDevice;

    /// <summary>Permission bits with set-id and sticky bits.</summary>
    public int Mode => (int)(_status.st_mode & ~FilePermissions.S_IFMT);

    /// <summary>Number of its owner.</summary>
    public uint Uid => _status.st_uid;

    /// <summary>Number of its group.</summary>
    public uint Gid => _status.st_gid;

    /// <summary>Bytes of a file's content, or of a link's target.</summary>
    public long Size => _status.st_size;

    /// <summary>Bytes that its content takes on the disk; less than <see cref="Size"/> where it has holes.</summary>
    public long AllocatedSize => _status.st_blocks * BlockSize;

    /// <summary>When its content was last written: seconds since 1970.</summary>
    public long WrittenAt => _status.st_mtime;

    /// <summary>Number of the file system that it lies on.</summary>
    public ulong FileSystem => _status.st_dev;

    /// <summary>Its number on its file system, the same for all names of a file.</summary>
    public ulong Inode => _status.st_ino;

    /// <summary>How many names the file has.</summary>
    public ulong Links => _status.st_nlink;

    /// <summary>Of a device, what it stands for; see <see cref="DeviceNumber"/>.</summary>
    public ulong Device => _status.st_rdev;

    /// <summary>The type in words, for messages.</summary>
    public string TypeName => Type switch
    {
        FileType.Directory => "directory",
        FileType.File => "file",
        FileType.Symlink => "symlink",
        FileType.CharacterDevice or FileType.BlockDevice => "device node",
        FileType.Fifo => "named pipe",
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

    /// <summary>The type by the bits of a mode that say it.</summary>
    internal static FileType TypeOf(FilePermissions mode) => (mode & FilePermissions.S_IFMT) switch
    {
        FilePermissions.S_IFREG => FileType.File,
        FilePermissions.S_IFDIR => FileType.Directory,
        FilePermissions.S_IFLNK => FileType.Symlink,
        FilePermissions.S_IFCHR => FileType.CharacterDevice,
        FilePermissions.S_IFBLK => FileType.BlockDevice,
        FilePermissions.S_IFIFO => FileType.Fifo,
        _ => FileType.Socket,
    };

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
            if (node.IsDirectory && node.FileSystem == FileSystem && (enter is null || enter(node)))
            {
                waiting.Push(node.Children().GetEnumerator());
            }
        }
    }
}
