using Dom0Image.Posix;

namespace Dom0Image.Status;

/// <summary>How much trees take on the disk, in bytes.</summary>
/// <param name="Own">Of files all of whose names are in them, and of directories: files that have a name elsewhere too are not freed with them.</param>
/// <param name="Whole">Of all files and directories.</param>
internal sealed record TreeSize(long Own, long Whole)
{
    /// <summary>Looks at trees; null where not all of them can be looked at.</summary>
    public static TreeSize? Of(params IEnumerable<string> trees)
    {
        var (own, shared) = (0L, new Dictionary<(ulong, ulong), (ulong Left, long Bytes)>());
        try
        {
            foreach (var node in trees.Where(Directory.Exists).SelectMany(tree => FileNode.Get(tree).Below()))
            {
                if (node.IsDirectory || node.Links == 1)
                {
                    own += node.AllocatedSize;
                    continue;
                }

                var key = (node.FileSystem, node.Inode);
                var left = (shared.TryGetValue(key, out var known) ? known.Left : node.Links) - 1;
                shared[key] = (left, node.AllocatedSize);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return new TreeSize(own + shared.Values.Where(file => file.Left == 0).Sum(file => file.Bytes), own + shared.Values.Sum(file => file.Bytes));
    }
}
