using Dom0Image.Generations;

namespace Dom0Image.Pruning;

/// <summary>What generations hold that others do not, by their manifests: what they share takes its room once, and stays.</summary>
internal static class OwnContent
{
    /// <summary>Bytes of files in some generations whose content is in none of the others.</summary>
    public static long Of(Places places, IEnumerable<GenerationInfo> some, IEnumerable<GenerationInfo> others)
    {
        var left = Contents(places, some);
        if (left.Count > 0)
        {
            foreach (var stays in Contents(places, others).Keys)
            {
                left.Remove(stays);
            }
        }

        return left.Values.Sum();
    }

    private static Dictionary<string, long> Contents(Places places, IEnumerable<GenerationInfo> generations)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var tree in generations.Select(info => GenerationTree.Finished(places, info.Id)))
        {
            foreach (var entry in new[] { tree.ManifestFile, tree.TftpManifestFile }.Where(File.Exists).SelectMany(file => ManifestFile.Read(file).Entries))
            {
                if (entry is { Sha256: { } sum, Size: { } size })
                {
                    found[sum] = size;
                }
            }
        }

        return found;
    }
}
