using Mono.Unix;
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
    public string Target => UnixPath.TryReadLink(Path) ?? throw PosixFailure.Last($"cannot read the link '{Path}'");

    /// <summary>Looks at a path; null when nothing is there.</summary>
    /// <exception cref="IOException">The system refused for another reason.</exception>
    public static FileNode? Find(string path)
    {
        if (Syscall.lstat(path, out var status) == 0)
        {
            return new FileNode(path, status);
        }

        return Stdlib.GetLastError() is Errno.ENOENT or Errno.ENOTDIR ? null : throw PosixFailure.Last($"cannot look at '{path}'");
    }

    /// <summary>Looks at a path at which something must be.</summary>
    public static FileNode Get(string path) => Find(path) ?? throw PosixFailure.Of(Errno.ENOENT, $"cannot look at '{path}'");

    /// <summary>What is directly in this directory, in the order of its names' bytes.</summary>
    public IEnumerable<FileNode> Children()
    {
        foreach (var child in Directory.EnumerateFileSystemEntries(Path, "*", AllEntries).Order(StringComparer.Ordinal))
        {
            yield return Get(child);
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

    private static readonly EnumerationOptions AllEntries = new() { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple };
}
