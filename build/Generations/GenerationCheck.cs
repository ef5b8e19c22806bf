using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.Generations;

/// <summary>Checks later that a finished generation is still what it was.</summary>
internal static class GenerationCheck
{
    /// <summary>
    /// Compares a generation's root, and what TFTP serves of it, with their manifests, file by file, contents and all. One that was
    /// built before there was a manifest of the latter cannot be told to be whole.
    /// </summary>
    /// <param name="places">Where it stands.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <returns>What differs; nothing when it is untouched.</returns>
    /// <exception cref="BuildFailedException">There is no such generation, or its manifest can't be read.</exception>
    public static IReadOnlyList<ManifestDifference> Verify(Places places, string id, CancellationToken cancellation = default)
    {
        var tree = GenerationTree.Finished(places, id);
        return [.. VerifyRoot(tree, cancellation), .. VerifyTftp(tree, cancellation)];
    }

    /// <summary>The same, for whom nothing may differ.</summary>
    /// <exception cref="BuildFailedException">Something does; carries all of it.</exception>
    public static void Require(Places places, string id, CancellationToken cancellation) => Require(id, Verify(places, id, cancellation));

    /// <summary>Fails where something differs.</summary>
    /// <exception cref="BuildFailedException">Something does; carries all of it.</exception>
    public static void Require(string id, IReadOnlyList<ManifestDifference> different)
    {
        if (different.Count > 0)
        {
            throw new BuildFailedException(different.Select(d => new Diagnostic($"{id}: {ByteName.Printable(d.Path)}: {ByteName.Printable(d.What)}") { Hint = "A generation is never edited: publish another one, then delete this one and build it again" }));
        }
    }

    /// <summary>Compares a generation's root alone.</summary>
    internal static IReadOnlyList<ManifestDifference> VerifyRoot(GenerationTree tree, CancellationToken cancellation)
        => ManifestComparison.Compare(ManifestFile.Read(tree.ManifestFile), ManifestReader.Read(tree.Root, cancellation));

    /// <summary>Compares what TFTP serves of a generation alone.</summary>
    internal static IEnumerable<ManifestDifference> VerifyTftp(GenerationTree tree, CancellationToken cancellation)
    {
        var place = Places.TftpOnServer(tree.Id);
        if (!File.Exists(tree.TftpManifestFile))
        {
            return [new ManifestDifference(place, "cannot be told: the generation was built before there was a manifest of what TFTP serves")];
        }

        return Directory.Exists(tree.TftpDirectory)
            ? ManifestComparison.Compare(ManifestFile.Read(tree.TftpManifestFile), ManifestReader.Read(tree.TftpDirectory, cancellation))
                .Select(difference => difference with { Path = place + (difference.Path == "/" ? "" : difference.Path) })
            : [new ManifestDifference(place, "is missing")];
    }
}
