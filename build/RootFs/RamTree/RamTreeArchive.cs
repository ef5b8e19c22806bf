using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.RootFs.RamTree;

/// <summary>
/// The tree that clients unpack into their RAM, as one archive in the image: a client needs one process and one file read
/// in sequence over NFS, however long the flash list is.
/// </summary>
/// <remarks>
/// Written by the pipeline when all else in the image is done, so that it holds what an administrator sees below /flash in
/// a chroot. verification finds one that is out of date.
/// </remarks>
internal static class RamTreeArchive
{
    // As it may hold root's files.
    private const int OwnersAlone = 0b110_000_000;

    // What tmpfs takes for one name, at most a page for content that is no multiple of it included.
    private const long PageSize = 4096;

    // More than these are not what to look at first.
    private const int LargestTold = 3;

    /// <summary>Writes the archive of a relocated image to <see cref="FlashPaths.RamTree"/>; one that is there is replaced.</summary>
    /// <param name="root">The image's root on this machine, absolute.</param>
    /// <param name="list">The list that it was relocated with.</param>
    /// <exception cref="BuildFailedException">The tree does not fit into the list's size limit.</exception>
    public static void Write(string root, FlashList list)
    {
        using (var stream = Create(root, FlashPaths.RamTree))
        using (var writer = new RamTarWriter(stream))
        {
            foreach (var node in RamTreeContent.Of(root, list))
            {
                writer.Add(node);
            }
        }

        var size = RamTreeContent.Of(root, list).Sum(RamOf);
        if (size > list.SizeLimit)
        {
            throw TooLarge(root, list, size);
        }
    }

    /// <summary>What in the archive differs from what it would be if it were written now; null when it is up to date.</summary>
    internal static string? Staleness(string root, FlashList list)
    {
        if (FileNode.Find(ContainedPath.Resolve(root, FlashPaths.RamTree)) is not { IsFile: true } archive)
        {
            return "is missing";
        }

        using var comparison = new ComparingStream(new FileStream(archive.Open(), FileAccess.Read, 1 << 16));
        using (var writer = new RamTarWriter(comparison))
        {
            foreach (var node in RamTreeContent.Of(root, list))
            {
                writer.Add(node);
                if (!comparison.IsSame)
                {
                    return $"does not hold {ByteName.Printable(FlashPaths.Flash + node.Path)} as it is in the image";
                }
            }
        }

        return comparison is { IsSame: true, IsAtEnd: true } ? null : "holds more than the image";
    }

    /// <summary>Opens a support file to write it; an older one is unlinked and not written to.</summary>
    internal static Stream Create(string root, string imagePath)
    {
        var path = Path.Join(ImageDirectory.Ensure(root, ContainedPath.Parent(imagePath)), Path.GetFileName(imagePath));
        FileChange.Delete(path);
        return new FileStream(FileChange.OpenNew(path, OwnersAlone), FileAccess.Write, 1 << 16);
    }

    private static long RamOf(RamTreeNode node)
        => node is { Node.IsFile: true, Emptied: false } ? (node.Node.Size + PageSize - 1) / PageSize * PageSize : 0;

    private static BuildFailedException TooLarge(string root, FlashList list, long size)
    {
        var largest = from node in RamTreeContent.Of(root, list)
                      let entry = FlashPaths.Covering(list, node.Path)
                      where entry is not null
                      group RamOf(node) by entry into sizes
                      orderby sizes.Sum() descending
                      select $"{sizes.Key.Path}{(sizes.Key.Where is { } where ? $" (line {where.Line})" : "")} {SizeText.Of(sizes.Sum())}";
        return new BuildFailedException(new Diagnostic($"the files that clients start with below {FlashPaths.Flash} take {SizeText.Of(size)} of RAM, and the limit is {SizeText.Of(list.SizeLimit)}; most of it: {string.Join(", ", largest.Take(LargestTold))}")
        {
            Where = list.SizeWhere,
            Hint = "Raise the flash list's size, or let entries start empty or as a tree",
        });
    }
}
