using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>Checks later that a finished generation is still what it was.</summary>
public static class GenerationCheck
{
    /// <summary>Compares a generation's root with its manifest, file by file, contents and all.</summary>
    /// <param name="places">Where it stands.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <returns>What differs; nothing when it is untouched.</returns>
    /// <exception cref="BuildFailedException">There is no such generation, or its manifest can't be read.</exception>
    public static IReadOnlyList<ManifestDifference> Verify(Places places, string id, CancellationToken cancellation = default)
    {
        var tree = GenerationTree.Finished(places, id);
        return ManifestComparison.Compare(ManifestFile.Read(tree.ManifestFile), ManifestReader.Read(tree.Root, cancellation));
    }
}
