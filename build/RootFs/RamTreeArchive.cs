using System.Formats.Tar;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.RootFs;

/// <summary>
/// The tree that clients unpack into their RAM, as one archive in the image: a client needs one process and one file read
/// in sequence over NFS, however long the flash list is.
/// </summary>
/// <remarks>
/// Written by the pipeline when all else in the image is done, so that it holds what an administrator sees below /flash in
/// a chroot. <see cref="TreeVerification"/> finds one that is out of date.
/// </remarks>
public static class RamTreeArchive
{
    /// <summary>Writes the archive of a relocated image to <see cref="FlashPaths.RamTree"/>; one that is there is replaced.</summary>
    /// <param name="root">The image's root on this machine, absolute.</param>
    /// <param name="list">The list that it was relocated with.</param>
    /// <exception cref="BuildFailedException">The tree does not fit into the list's size limit.</exception>
    public static void Write(string root, FlashList list)
    {
        var path = Prepare(root, FlashPaths.RamTree);
        var size = new RamTreeSize(list);
        using (var writer = new RamTarWriter(path))
        {
            foreach (var node in RamTreeContent.Of(root, list))
            {
                writer.Add(node);
                size.Add(node);
            }
        }

        size.Check();
    }

    /// <summary>What in the archive differs from what it would be if it were written now; null when it is up to date.</summary>
    internal static string? Staleness(string root, FlashList list)
    {
        var path = ContainedPath.Resolve(root, FlashPaths.RamTree);
        if (FileNode.Find(path) is not { IsFile: true })
        {
            return "is missing";
        }

        using var reader = new TarReader(File.OpenRead(path));
        foreach (var node in RamTreeContent.Of(root, list))
        {
            var entry = reader.GetNextEntry();
            var name = RamTarWriter.NameOf(node);
            if (entry is null || entry.Name != name)
            {
                return $"does not hold {FlashPaths.Flash}{node.Path}";
            }

            var status = node.Node.Status;
            var size = node is { Node.IsFile: true, Emptied: false } && entry.EntryType != TarEntryType.HardLink ? status.st_size : 0;
            if ((int)entry.Mode != node.Node.Mode || entry.Uid != status.st_uid || entry.Gid != status.st_gid || entry.Length != size
                || entry.ModificationTime.ToUnixTimeSeconds() != Math.Max(0, status.st_mtime))
            {
                return $"has another {FlashPaths.Flash}{node.Path} than the image";
            }
        }

        return reader.GetNextEntry() is { } more ? $"holds {more.Name}, which is not in the image" : null;
    }

    // Where a support file goes; an older one is unlinked and not written to.
    internal static string Prepare(string root, string imagePath)
    {
        var path = Path.Join(ImageDirectory.Ensure(root, ContainedPath.Parent(imagePath)), Path.GetFileName(imagePath));
        FileChange.Delete(path);
        return path;
    }
}
