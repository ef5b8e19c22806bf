using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>Which generation to go back to, whole.</summary>
internal static class RollbackChoice
{
    /// <summary>Chooses it, and compares it with its manifests file by file: that takes a second or two, and whoever goes back in need must not get a damaged one.</summary>
    /// <param name="places">Where it stands.</param>
    /// <param name="wanted">What the user named; null for the one before.</param>
    /// <param name="cancellation">Stops the hashing.</param>
    /// <exception cref="BuildFailedException">There is none, or it is not what it was.</exception>
    public static string Of(Places places, string? wanted, CancellationToken cancellation)
    {
        var id = wanted ?? Before(places);
        GenerationList.Require(places, id);
        var tree = GenerationTree.Finished(places, id);
        GenerationCheck.Require(id, [.. GenerationCheck.VerifyRoot(tree, cancellation), .. File.Exists(tree.TftpManifestFile) ? GenerationCheck.VerifyTftp(tree, cancellation) : []]);
        return id;
    }

    private static string Before(Places places)
    {
        var assembler = new GenerationAssembler(places);
        var booted = CurrentState.Booted(places) ?? throw new BuildFailedException(new Diagnostic($"nothing is published below '{places.OnDisk(Places.Images)}', so that there is nothing to go back from"));
        return PublicationJournal.Read(places).Before(booted, assembler.Exists) ?? throw new BuildFailedException(
            new Diagnostic($"no generation is known to have been published before {booted}, and to be there still")
            {
                Expected = GenerationList.Of(places).Where(kept => kept.Info.Id != booted).Select(kept => kept.Info.Id).ToList() is { Count: > 0 } others ? $"--to= and one of {string.Join(", ", others)}" : null,
            });
    }
}
