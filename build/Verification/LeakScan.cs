using System.Collections.Immutable;
using System.Text;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Verification;

/// <summary>Searches an image for paths of the build machine: in every file, whatever its size, and in the targets of links.</summary>
internal sealed class LeakScan
{
    private const int BlockSize = 1 << 20;

    private readonly ImmutableArray<(string Path, byte[] Bytes)> _needles;
    private readonly byte[] _block;
    private readonly int _overlap;

    /// <summary>
    /// A scan for these paths. Those directly in <c>/</c>, and those that a package or the flash list brings, could be meant by
    /// anyone and are left out.
    /// </summary>
    /// <param name="root">The image's root.</param>
    /// <param name="list">The writable paths.</param>
    /// <param name="hostPaths">Absolute paths of the build machine.</param>
    public LeakScan(string root, FlashList list, IEnumerable<string> hostPaths)
    {
        string[] named = [.. hostPaths];
        Asked = named.Length > 0;
        string[] meant = [.. named.Select(path => path.TrimEnd('/')).Where(path => path.LastIndexOf('/') > 0).Distinct()];
        string[] there = [.. meant.Where(path => ContainedPath.Exists(root, path))];
        HashSet<string> owned = there.Length == 0 ? [] : there.Where(path => list.Entries.Any(entry => entry.Path == path)).Concat(PackageFiles.In(root).Where(there.Contains)).ToHashSet(StringComparer.Ordinal);
        string[] ours = [.. meant.Where(path => !owned.Contains(path))];
        Made = [.. ours.Where(there.Contains)];

        // What holds one that is below another holds the other.
        _needles = [.. ours.Where(path => !ours.Any(other => FlashPaths.IsBelow(path, other))).Select(path => (path, Encoding.UTF8.GetBytes(path)))];
        _overlap = _needles.IsEmpty ? 0 : _needles.Max(needle => needle.Bytes.Length) + 1;
        _block = new byte[BlockSize + _overlap];
    }

    /// <summary>A scan for what an image must not name.</summary>
    public static LeakScan For(CheckedImage image) => new(image.Root, image.Recipe.Flash, image.HostPaths);

    /// <summary>Whether it was told what to look for. All of it may be left out.</summary>
    public bool Asked { get; }

    /// <summary>Those of the paths that are in the image, though nothing brings them.</summary>
    public ImmutableArray<string> Made { get; }

    /// <summary>The first of the paths that the file names; null when it names none.</summary>
    public string? FirstIn(FileNode file)
    {
        if (file.Size == 0 || _needles.IsEmpty)
        {
            return null;
        }

        using var handle = file.Open();

        // Each block is read with the end of the one before it, in which a name may have begun.
        var kept = 0;
        long offset = 0;
        for (int read; (read = RandomAccess.Read(handle, _block.AsSpan(kept, BlockSize), offset)) > 0; offset += read)
        {
            var length = kept + read;
            var isEnd = offset + read >= file.Size;
            if (FirstIn(_block.AsSpan(0, length), isStart: offset == kept, isEnd) is { } found)
            {
                return found;
            }

            kept = Math.Min(_overlap, length);
            _block.AsSpan(length - kept, kept).CopyTo(_block);
        }

        return null;
    }

    /// <summary>The first of the paths that a text names.</summary>
    public string? FirstIn(string text) => FirstIn(Encoding.UTF8.GetBytes(text), isStart: true, isEnd: true);

    private string? FirstIn(ReadOnlySpan<byte> content, bool isStart, bool isEnd)
    {
        foreach (var (path, bytes) in _needles)
        {
            for (var at = content.IndexOf(bytes); at >= 0;)
            {
                // Only whole names: /store is not in /stored, nor in x/store.
                var end = at + bytes.Length;
                var begins = at == 0 ? isStart : !IsNameByte(content[at - 1]);
                var ends = end == content.Length ? isEnd : !IsNameByte(content[end]);
                if (begins && ends)
                {
                    return path;
                }

                var next = content[(at + 1)..].IndexOf(bytes);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        return null;
    }

    private static bool IsNameByte(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or (byte)'-' or (byte)'.';
}
