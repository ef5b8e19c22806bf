using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Gives files that TFTP serves, and that a finished generation has too, another name in place of a second copy.</summary>
/// <param name="staged">The generation that is put together.</param>
/// <param name="content">What finished ones hold.</param>
internal sealed class SharedNames(GenerationTree staged, SharedContent content)
{
    // Two paths of one generation must not become one file: its manifest would say otherwise.
    private readonly HashSet<ulong> _used = [];

    /// <summary>Does it, for those whose content, mode, owner and attributes are the same.</summary>
    public void Make(Manifest tftp)
    {
        foreach (var entry in tftp.Entries.Where(entry => entry.Sha256 is not null && entry.Size > 0))
        {
            foreach (var (tree, same) in content.InTftp(entry.Sha256!))
            {
                if (ManifestComparison.Describe(entry, same with { Path = entry.Path }) is null && TryMake(entry, tree, same))
                {
                    break;
                }
            }
        }
    }

    // No link is followed on the way: a finished generation should have none there, and may.
    private bool TryMake(ManifestEntry entry, GenerationTree tree, ManifestEntry same)
    {
        var made = Durable.TemporaryName(staged.TftpDirectory + entry.Path);
        try
        {
            using var from = Parent(tree.TftpDirectory, same.Path);
            using var to = Parent(staged.TftpDirectory, entry.Path);
            var file = FileNode.Get($"{from.ShortPath}/{Path.GetFileName(same.Path)}");
            if (_used.Contains(file.Inode)
                || !file.IsFile
                || ManifestComparison.Describe(same, ManifestReader.EntryOf(same.Path, file)) is not null
                || !to.TryMakeName(Path.GetFileName(made), from, Path.GetFileName(same.Path)))
            {
                return false;
            }

            if (FileNode.Get(made).Inode != file.Inode)
            {
                FileChange.Delete(made);
                return false;
            }

            Durable.Rename(made, staged.TftpDirectory + entry.Path);
            return _used.Add(file.Inode);
        }
        catch (IOException)
        {
            // The other one is damaged; ours is whole.
            return false;
        }
    }

    private static OpenDirectory Parent(string tree, string path)
    {
        var directory = OpenDirectory.Open(tree);
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries)[..^1])
        {
            using var above = directory;
            directory = above.Enter(name);
        }

        return directory;
    }
}
