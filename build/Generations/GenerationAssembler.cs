using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Generations;

/// <summary>Puts generations together where they will stand, out of sight until they are whole.</summary>
/// <param name="places">Where they stand.</param>
internal sealed class GenerationAssembler(Places places)
{
    /// <summary>The id of a recipe's generation that goes by a key.</summary>
    public static string IdOf(string recipeName, StageKey key) => $"{recipeName}-{key.Short}";

    /// <summary>Whether a generation is finished.</summary>
    public bool Exists(string id)
    {
        var tree = GenerationTree.Finished(places, id);
        return Directory.Exists(tree.ImageDirectory) && Directory.Exists(tree.TftpDirectory);
    }

    /// <summary>Starts a generation with an empty root. Dispose deletes it again unless it was finished.</summary>
    /// <param name="id">Its id, for as long as it has no other.</param>
    /// <exception cref="Diagnostics.BuildFailedException">It can't be staged here.</exception>
    public StagedGeneration Begin(string id)
    {
        var staged = Enumerable.Range(0, int.MaxValue).Select(number => GenerationTree.Staged(places, id, number)).First(IsFree);
        foreach (var directory in new[] { staged.Root, staged.KernelFacts, staged.Kernels, staged.Hypervisors })
        {
            Directory.CreateDirectory(directory);
        }

        return new StagedGeneration(staged, places);
    }

    /// <summary>Deletes what builds that died left in the publishing area. Only while its lock is held.</summary>
    /// <param name="tell">Told of what cannot be deleted and is set aside.</param>
    /// <returns>Paths of what was deleted.</returns>
    public IReadOnlyList<string> DeleteLeftovers(Action<string>? tell = null)
    {
        string[] staging = [Places.Generations, Places.TftpGenerations, Places.Menus, Places.DomUImages];
        string[] links = [Places.Images, Places.Tftp, Places.DomUImages, Places.State];
        var removed = new GenerationRemoval(places, tell).GoOn();
        return
        [
            .. removed,
            .. Leftovers.Delete(
            [
                .. staging.SelectMany(place => Leftovers.In(places.OnDisk(place)).Where(path => Path.GetFileName(path).StartsWith(GenerationTree.StagingPrefix, StringComparison.Ordinal))),
                .. links.SelectMany(place => Leftovers.In(places.OnDisk(place)).Where(path => Durable.IsTemporaryName(Path.GetFileName(path)))),
            ],
            tell),
        ];
    }

    // What an earlier build left under the first name, and could not be moved, stays there.
    private bool IsFree(GenerationTree staged)
    {
        SafeDelete.Quietly(staged.ImageDirectory);
        SafeDelete.Quietly(staged.TftpDirectory);
        return FileNode.Find(staged.ImageDirectory) is null && FileNode.Find(staged.TftpDirectory) is null;
    }
}
