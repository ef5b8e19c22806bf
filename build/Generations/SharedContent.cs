using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Which finished generations hold a content, the newest first, by their manifests.</summary>
internal sealed class SharedContent
{
    // What none of these has, an older one hardly does: they share with each other.
    private const int Searched = 10;

    private readonly Dictionary<string, List<(GenerationTree Tree, ManifestEntry Entry)>> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(GenerationTree Tree, ManifestEntry Entry)>> _tftp = new(StringComparer.Ordinal);

    private SharedContent()
    {
    }

    /// <summary>Reads the manifests of generations that stand.</summary>
    /// <param name="places">Where they stand.</param>
    /// <param name="but">The one that is being put in place, or looked at.</param>
    /// <param name="most">How many are looked at, the newest first.</param>
    public static SharedContent Of(Places places, string but, int most = Searched)
    {
        var content = new SharedContent();
        foreach (var tree in GenerationList.Of(places).Where(kept => kept.Info.Id != but).Take(most).Select(kept => GenerationTree.Finished(places, kept.Info.Id)))
        {
            Add(content._roots, tree, tree.ManifestFile);
            Add(content._tftp, tree, tree.TftpManifestFile);
        }

        return content;
    }

    /// <summary>Files of roots that had this content when they were finished, and where they are.</summary>
    public IEnumerable<(GenerationTree Tree, ManifestEntry Entry)> InRoots(string sha256) => _roots.GetValueOrDefault(sha256) ?? [];

    /// <summary>The same of what TFTP serves.</summary>
    public IEnumerable<(GenerationTree Tree, ManifestEntry Entry)> InTftp(string sha256) => _tftp.GetValueOrDefault(sha256) ?? [];

    private static void Add(Dictionary<string, List<(GenerationTree, ManifestEntry)>> found, GenerationTree tree, string manifest)
    {
        if (FileNode.Find(manifest) is null)
        {
            return;
        }

        foreach (var entry in ManifestFile.Read(manifest).Entries.Where(entry => entry.Sha256 is not null && entry.Size > 0))
        {
            if (!found.TryGetValue(entry.Sha256!, out var files))
            {
                found.Add(entry.Sha256!, files = []);
            }

            files.Add((tree, entry));
        }
    }
}
