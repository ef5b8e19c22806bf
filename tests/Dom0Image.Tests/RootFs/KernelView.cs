using System.Runtime.InteropServices;
using System.Text;
using Dom0Image.Posix;
using Mono.Unix.Native;

namespace Dom0Image.Tests.RootFs;

/// <summary>What a process that is chrooted to an image sees at a path, as the kernel itself resolves it (openat2 with RESOLVE_IN_ROOT).</summary>
/// <param name="Inode">Which file it is.</param>
/// <param name="Mode">Its type and permissions.</param>
/// <param name="Owner">uid:gid.</param>
/// <param name="Content">Of a file; of a directory, nothing.</param>
/// <param name="Attribute">The extended attribute user.test; empty for none.</param>
internal sealed record KernelView(ulong Inode, FilePermissions Mode, string Owner, string Content, string Attribute)
{
    private const string TestAttribute = "user.test";

    /// <summary>Looks; null when the path leads nowhere.</summary>
    public static KernelView? Of(string root, string imagePath)
    {
        const ulong OpenPath = 0x200000;
        const ulong CloseOnExec = 0x80000;
        var top = Syscall.open(root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        var how = new OpenHow { Flags = OpenPath | CloseOnExec, Resolve = 0x10 };
        var file = (int)syscall(437, top, [.. ByteName.ToBytes(imagePath), 0], ref how, Marshal.SizeOf<OpenHow>());
        _ = Syscall.close(top);
        if (file < 0)
        {
            return null;
        }

        try
        {
            Assert.That(Syscall.fstat(file, out var status), Is.Zero);
            var path = $"/proc/self/fd/{file}";
            var isFile = (status.st_mode & FilePermissions.S_IFMT) == FilePermissions.S_IFREG;
            return new KernelView(status.st_ino, status.st_mode, $"{status.st_uid}:{status.st_gid}", isFile ? File.ReadAllText(path) : "", GetAttribute(path));
        }
        finally
        {
            _ = Syscall.close(file);
        }
    }

    public static void SetAttribute(string path, string value)
        => Assert.That(Syscall.setxattr(path, TestAttribute, Encoding.UTF8.GetBytes(value)), Is.Zero, path);

    /// <summary>Every name below a directory with all that lstat(2) tells and links' targets; for comparing two states of a tree.</summary>
    public static IReadOnlyList<string> State(string root) =>
    [
        .. FileNode.Get(root).Below().Select(node =>
            $"{node.Path[root.Length..]} {node.Inode} {node.Type} {node.Mode} {node.Uid}:{node.Gid} {node.WrittenAt} {(node.IsLink ? node.Target : "")}"),
    ];

    private static string GetAttribute(string path)
    {
        var size = Syscall.getxattr(path, TestAttribute, out var value);
        return size > 0 ? Encoding.UTF8.GetString(value, 0, (int)size) : "";
    }

    [DllImport("libc", SetLastError = true)]
    private static extern long syscall(long number, int directory, byte[] path, ref OpenHow how, nint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
