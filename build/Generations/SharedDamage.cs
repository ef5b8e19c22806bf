using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Finds what is damaged in one generation in all the others that hold the same.</summary>
internal static class SharedDamage
{
    /// <summary>The other generations in which files are damaged that were the same as damaged ones of this.</summary>
    /// <param name="places">Where they stand.</param>
    /// <param name="id">The generation in which it was found.</param>
    /// <param name="found">What differs there.</param>
    /// <returns>What differs in the others, each path with the generation before it.</returns>
    public static IEnumerable<ManifestDifference> InOthers(Places places, string id, IReadOnlyCollection<ManifestDifference> found)
    {
        if (found.Count == 0)
        {
            return [];
        }

        var tree = GenerationTree.Finished(places, id);
        var content = SharedContent.Of(places, id, int.MaxValue);
        return Look(tree.ManifestFile, "", other => other.Root, content.InRoots)
            .Concat(Look(tree.TftpManifestFile, Places.TftpOnServer(id), other => other.TftpDirectory, content.InTftp));

        IEnumerable<ManifestDifference> Look(string manifest, string before, Func<GenerationTree, string> top, Func<string, IEnumerable<(GenerationTree Tree, ManifestEntry Entry)>> others)
        {
            var damaged = found.Select(difference => difference.Path).ToHashSet(StringComparer.Ordinal);
            return from entry in FileNode.Find(manifest) is null ? [] : ManifestFile.Read(manifest).Entries
                   where entry.Sha256 is not null && damaged.Contains(before + entry.Path)
                   from other in others(entry.Sha256!)
                   where !Holds(top(other.Tree) + other.Entry.Path, other.Entry)
                   select new ManifestDifference(other.Entry.Path, $"is damaged in generation {other.Tree.Id} too");
        }
    }

    private static bool Holds(string path, ManifestEntry entry)
    {
        try
        {
            return FileNode.Find(path) is { IsFile: true } file && ManifestReader.EntryOf(entry.Path, file).Sha256 == entry.Sha256;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
