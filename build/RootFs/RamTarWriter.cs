using System.Formats.Tar;
using Mono.Unix.Native;

namespace Dom0Image.RootFs;

/// <summary>Writes nodes of an image as tar entries with exact modes and owners, in the GNU form that every suite's tar reads.</summary>
internal sealed class RamTarWriter : IDisposable
{
    // As it may hold root's files.
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TarWriter _tar;
    private readonly Dictionary<ulong, string> _linked = [];

    /// <summary>Starts a new archive.</summary>
    public RamTarWriter(string path)
    {
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            UnixCreateMode = OwnersAlone,
        });
        File.SetUnixFileMode(stream.SafeFileHandle, OwnersAlone);
        _tar = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: false);
    }

    /// <summary>A node's name in the archive: relative, directories with a slash at the end.</summary>
    public static string NameOf(RamTreeNode node) => $".{node.Path}{(node.Node.IsDirectory ? "/" : "")}";

    /// <summary>Adds a node.</summary>
    public void Add(RamTreeNode node)
    {
        var status = node.Node.Status;
        var name = NameOf(node);
        var first = status.st_nlink > 1 && !node.Node.IsDirectory && !node.Emptied ? _linked.GetValueOrDefault(status.st_ino) : null;
        var entry = first is not null ? new GnuTarEntry(TarEntryType.HardLink, name) { LinkName = first } : Fresh(node, name);
        entry.Mode = (UnixFileMode)node.Node.Mode;
        entry.Uid = (int)status.st_uid;
        entry.Gid = (int)status.st_gid;
        entry.ModificationTime = DateTimeOffset.FromUnixTimeSeconds(Math.Max(0, status.st_mtime));
        if (first is null && node is { Node.IsFile: true, Emptied: false })
        {
            using var content = File.OpenRead(node.Node.Path);
            entry.DataStream = content;
            _tar.WriteEntry(entry);
        }
        else
        {
            _tar.WriteEntry(entry);
        }

        if (first is null && !node.Emptied)
        {
            _linked.TryAdd(status.st_ino, name);
        }
    }

    /// <summary>Adds a character device of root's.</summary>
    public void AddDevice(string name, int major, int minor, int mode) => _tar.WriteEntry(new GnuTarEntry(TarEntryType.CharacterDevice, name)
    {
        DeviceMajor = major,
        DeviceMinor = minor,
        Mode = (UnixFileMode)mode,
        ModificationTime = DateTimeOffset.UnixEpoch,
    });

    /// <summary>Adds a directory of root's.</summary>
    public void AddDirectory(string name, int mode) => _tar.WriteEntry(new GnuTarEntry(TarEntryType.Directory, name)
    {
        Mode = (UnixFileMode)mode,
        ModificationTime = DateTimeOffset.UnixEpoch,
    });

    /// <inheritdoc/>
    public void Dispose() => _tar.Dispose();

    private static GnuTarEntry Fresh(RamTreeNode node, string name)
    {
        var device = node.Node.Status.st_rdev;
        return node.Node.Type switch
        {
            FilePermissions.S_IFDIR => new GnuTarEntry(TarEntryType.Directory, name),
            FilePermissions.S_IFLNK => new GnuTarEntry(TarEntryType.SymbolicLink, name) { LinkName = node.Node.Target },
            FilePermissions.S_IFIFO => new GnuTarEntry(TarEntryType.Fifo, name),
            FilePermissions.S_IFCHR => new GnuTarEntry(TarEntryType.CharacterDevice, name) { DeviceMajor = Major(device), DeviceMinor = Minor(device) },
            FilePermissions.S_IFBLK => new GnuTarEntry(TarEntryType.BlockDevice, name) { DeviceMajor = Major(device), DeviceMinor = Minor(device) },
            _ => new GnuTarEntry(TarEntryType.RegularFile, name),
        };
    }

    private static int Major(ulong device) => (int)((device >> 8) & 0xFFF);

    private static int Minor(ulong device) => (int)((device & 0xFF) | ((device >> 12) & 0xFFF00));
}
