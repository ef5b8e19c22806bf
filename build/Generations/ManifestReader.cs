using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dom0Image.Posix;
using Mono.Unix.Native;

namespace Dom0Image.Generations;

/// <summary>Takes the manifest of a tree on disk.</summary>
public static class ManifestReader
{
    /// <summary>Reads every entry and hashes every file, on all cores. Links are not followed.</summary>
    /// <param name="root">Directory that is the image's <c>/</c>.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <exception cref="IOException">Something can't be read.</exception>
    public static Manifest Read(string root, CancellationToken cancellation = default)
    {
        var paths = Paths(root);
        var entries = new ManifestEntry[paths.Length];
        var seen = new ConcurrentDictionary<(ulong Device, ulong Inode), int>();
        var links = new ConcurrentBag<(int Index, (ulong, ulong) File)>();

        // Pass one: lstat. The first name of a file is the lowest one, whichever thread comes first.
        var stats = new Stat[paths.Length];
        Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var path = OnDisk(root, paths[i]);
            PosixFailure.ThrowIf(Syscall.lstat(path, out stats[i]), $"cannot read '{path}'");
            if (stats[i].st_nlink > 1 && TypeOf(stats[i]) != EntryType.Directory)
            {
                seen.AddOrUpdate((stats[i].st_dev, stats[i].st_ino), i, (_, other) => Math.Min(other, i));
            }
        });

        // Pass two: contents, big and small mixed, so that the cores end together.
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(0, paths.Length), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellation },
            () => new FileHasher(),
            (i, _, hasher) =>
            {
                var first = seen.TryGetValue((stats[i].st_dev, stats[i].st_ino), out var found) ? found : i;
                entries[i] = Entry(root, paths[i], stats[i], first == i ? null : paths[first], hasher);
                return hasher;
            },
            hasher => hasher.Dispose());
        return new Manifest([.. entries]);
    }

    private static string[] Paths(string root)
    {
        var paths = new List<string> { "/" };
        var waiting = new Stack<string>([""]);
        while (waiting.TryPop(out var directory))
        {
            foreach (var (name, type) in DirectoryNames.Read(OnDisk(root, directory.Length == 0 ? "/" : directory)))
            {
                var path = $"{directory}/{name}";
                paths.Add(path);
                if (type is ListedType.Directory or ListedType.Unknown && FileNode.Get(OnDisk(root, path)).IsDirectory)
                {
                    waiting.Push(path);
                }
            }
        }

        paths.Sort(StringComparer.Ordinal);
        return [.. paths];
    }

    private static string OnDisk(string root, string path) => root.TrimEnd('/') + path;

    private static ManifestEntry Entry(string root, string path, Stat status, string? sameFileAs, FileHasher hasher)
    {
        var onDisk = OnDisk(root, path);
        var type = TypeOf(status);
        var hashed = type == EntryType.File && sameFileAs is null;
        return new ManifestEntry
        {
            Path = path,
            Type = type,
            Mode = type == EntryType.Symlink ? null : OctalMode.Of((int)(status.st_mode & ~FilePermissions.S_IFMT)),
            Uid = status.st_uid,
            Gid = status.st_gid,
            Size = hashed ? status.st_size : null,
            Sha256 = hashed ? hasher.Hash(new FileNode(onDisk, status)) : null,
            Target = type == EntryType.Symlink ? LinkTarget.Of(onDisk) : null,
            SameFileAs = sameFileAs,
            Device = type is EntryType.CharacterDevice or EntryType.BlockDevice ? DeviceNumber.Of(status.st_rdev) : null,
            Xattrs = Xattrs(onDisk),
        };
    }

    private static EntryType TypeOf(Stat status) => (status.st_mode & FilePermissions.S_IFMT) switch
    {
        FilePermissions.S_IFREG => EntryType.File,
        FilePermissions.S_IFDIR => EntryType.Directory,
        FilePermissions.S_IFLNK => EntryType.Symlink,
        FilePermissions.S_IFCHR => EntryType.CharacterDevice,
        FilePermissions.S_IFBLK => EntryType.BlockDevice,
        FilePermissions.S_IFIFO => EntryType.Fifo,
        _ => EntryType.Socket,
    };

    // security.selinux and the like belong to the build machine's policy and not to the image.
    private static SortedDictionary<string, string>? Xattrs(string path)
    {
        var xattrs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ExtendedAttributes.Of(path))
        {
            if (name == ManifestEntry.Capabilities || name.StartsWith("user.", StringComparison.Ordinal) || name.StartsWith("system.posix_acl", StringComparison.Ordinal))
            {
                xattrs[name] = Convert.ToHexStringLower(value);
            }
        }

        return xattrs.Count == 0 ? null : xattrs;
    }

    private sealed class FileHasher : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] _buffer = new byte[256 * 1024];
        private readonly byte[] _digest = new byte[SHA256.HashSizeInBytes];

        public string Hash(FileNode node)
        {
            using var file = node.Open();
            long offset = 0;
            for (int read; (read = RandomAccess.Read(file, _buffer, offset)) > 0; offset += read)
            {
                _hash.AppendData(_buffer, 0, read);
            }

            _hash.GetHashAndReset(_digest);
            return Convert.ToHexStringLower(_digest);
        }

        public void Dispose() => _hash.Dispose();
    }
}
