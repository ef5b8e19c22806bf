using System.Collections.Immutable;
using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.RootFs;

/// <summary>Searches those files of an image that a build writes to for paths of the build machine.</summary>
internal sealed class LeakScan
{
    private const long SizeLimit = 1 << 20;

    // Where configurations and logs are, wherever they were moved to.
    private static readonly ImmutableArray<string> Places = ["/etc", "/var", FlashPaths.Support, FlashPaths.Flash];

    private readonly ImmutableArray<(string Path, byte[] Bytes)> _needles;

    /// <summary>A scan for these paths. Those that the image has itself, and names directly in <c>/</c>, could be meant by anyone and are left out.</summary>
    /// <param name="root">The image's root.</param>
    /// <param name="hostPaths">Absolute paths of the build machine.</param>
    public LeakScan(string root, IEnumerable<string> hostPaths)
        => _needles =
        [
            .. hostPaths.Select(path => path.TrimEnd('/'))
                .Where(path => path.LastIndexOf('/') > 0 && !ContainedPath.Exists(root, path))
                .Distinct()
                .Select(path => (path, Encoding.UTF8.GetBytes(path))),
        ];

    /// <summary>Whether a file is one of those that are searched.</summary>
    public bool Concerns(string imagePath, FileNode node)
        => _needles.Length > 0 && node.Status.st_size is > 0 and < SizeLimit && Places.Any(place => FlashPaths.IsBelow(imagePath, place));

    /// <summary>The first of the paths that the file names; null when it names none.</summary>
    public string? FirstIn(string file)
    {
        var content = FileNode.Get(file).ReadAllBytes().AsSpan();
        foreach (var (path, bytes) in _needles)
        {
            for (var at = content.IndexOf(bytes); at >= 0;)
            {
                // Only whole names: /store is not in /stored, nor in x/store.
                var end = at + bytes.Length;
                if ((at == 0 || !IsNameByte(content[at - 1])) && (end == content.Length || !IsNameByte(content[end])))
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
