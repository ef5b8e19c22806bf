using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Takes the manifest of a tree on disk.</summary>
internal static class ManifestReader
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
        var nodes = new FileNode[paths.Length];
        Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            nodes[i] = FileNode.Get(OnDisk(root, paths[i]));
            if (nodes[i] is { Links: > 1, IsDirectory: false })
            {
                seen.AddOrUpdate((nodes[i].FileSystem, nodes[i].Inode), i, (_, other) => Math.Min(other, i));
            }
        });

        // Pass two: contents, big and small mixed, so that the cores end together.
        Parallel.ForEach(
            Partitioner.Create(Enumerable.Range(0, paths.Length), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellation },
            () => new FileHasher(),
            (i, _, hasher) =>
            {
                var first = seen.TryGetValue((nodes[i].FileSystem, nodes[i].Inode), out var found) ? found : i;
                entries[i] = Entry(paths[i], nodes[i], first == i ? null : paths[first], hasher);
                return hasher;
            },
            hasher => hasher.Dispose());
        return new Manifest([.. entries]);
    }

    /// <summary>Looks at one file alone, its content and all.</summary>
    /// <param name="path">Its path in the image.</param>
    /// <param name="node">Where it is.</param>
    internal static ManifestEntry EntryOf(string path, FileNode node)
    {
        using var hasher = new FileHasher();
        return Entry(path, node, sameFileAs: null, hasher);
    }

    /// <summary>One entry of a tree; null where nothing is. A file's content is hashed whether it has other names or not.</summary>
    /// <param name="root">Directory that is the image's <c>/</c>.</param>
    /// <param name="path">Path in the image; links on the way are followed as on this machine.</param>
    public static ManifestEntry? ReadOne(string root, string path) => FileNode.Find(OnDisk(root, path)) is { } node ? EntryOf(path, node) : null;

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

    private static ManifestEntry Entry(string path, FileNode node, string? sameFileAs, FileHasher hasher)
    {
        var hashed = node.IsFile && sameFileAs is null;
        return new ManifestEntry
        {
            Path = path,
            Type = node.Type,
            Mode = node.IsLink ? null : OctalMode.Of(node.Mode),
            Uid = node.Uid,
            Gid = node.Gid,
            Size = hashed ? node.Size : null,
            Sha256 = hashed ? hasher.Hash(node) : null,
            Target = node.IsLink ? node.Target : null,
            SameFileAs = sameFileAs,
            Device = node.IsDevice ? DeviceNumber.Of(node.Device) : null,
            Xattrs = Xattrs(node.Path),
        };
    }

    /// <summary>Whether an extended attribute is the image's own: security.selinux and the like belong to the build machine's policy.</summary>
    internal static bool IsOfImage(string name)
        => name == ManifestEntry.Capabilities || name.StartsWith("user.", StringComparison.Ordinal) || name.StartsWith("system.posix_acl", StringComparison.Ordinal);

    private static SortedDictionary<string, string>? Xattrs(string path)
    {
        var xattrs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ExtendedAttributes.Of(path))
        {
            if (IsOfImage(name))
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
