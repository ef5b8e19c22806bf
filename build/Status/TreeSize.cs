using Dom0Image.Posix;

namespace Dom0Image.Status;

/// <summary>How much of trees is theirs alone: files that have a name elsewhere too are not freed with them.</summary>
internal static class TreeSize
{
    /// <summary>Bytes on the disk of files all of whose names are in these trees, and of directories; null where not all can be looked at.</summary>
    public static long? Own(params IEnumerable<string> trees)
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

        return own + shared.Values.Where(file => file.Left == 0).Sum(file => file.Bytes);
    }
}
