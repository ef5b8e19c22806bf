namespace Dom0Image.Generations;

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

    /// <summary>The same for each of some generations against all the others of them, by id.</summary>
    public static IReadOnlyDictionary<string, long> OfEach(Places places, IReadOnlyCollection<GenerationInfo> generations)
    {
        var contents = generations.Select(info => (info.Id, Held: Contents(places, [info]))).ToList();
        var holders = contents.SelectMany(generation => generation.Held.Keys).CountBy(sum => sum).ToDictionary();
        return contents.ToDictionary(generation => generation.Id, generation => generation.Held.Where(content => holders[content.Key] == 1).Sum(content => content.Value));
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
