using Dom0Image.Posix;
using Dom0Image.Stages;

namespace Dom0Image.Generations;

/// <summary>Puts generations together where they will stand, out of sight until they are whole.</summary>
/// <param name="places">Where they stand.</param>
public sealed class GenerationAssembler(Places places)
{
    /// <summary>The id of the generation that a recipe gives with these inputs.</summary>
    public static string IdOf(string recipeName, StageKey key) => $"{recipeName}-{key.Short}";

    /// <summary>Whether a generation is finished.</summary>
    public bool Exists(string id)
    {
        var tree = GenerationTree.Finished(places, id);
        return Directory.Exists(tree.ImageDirectory) && Directory.Exists(tree.TftpDirectory);
    }

    /// <summary>Starts a generation with an empty root. Dispose deletes it again unless it was finished.</summary>
    /// <param name="id">Its id; none of that id may be finished.</param>
    /// <exception cref="Diagnostics.BuildFailedException">It can't be staged here.</exception>
    public StagedGeneration Begin(string id)
    {
        var staged = GenerationTree.Staged(places, id);
        SafeDelete.Tree(staged.ImageDirectory);
        SafeDelete.Tree(staged.TftpDirectory);
        foreach (var directory in new[] { staged.Root, staged.KernelFacts, staged.Kernels, staged.Hypervisors })
        {
            Directory.CreateDirectory(directory);
        }

        return new StagedGeneration(staged, GenerationTree.Finished(places, id));
    }

    /// <summary>Deletes what builds that died left in the publishing area. Only while its lock is held.</summary>
    /// <returns>Paths of what was deleted.</returns>
    /// <exception cref="Diagnostics.BuildFailedException">Something is mounted there.</exception>
    public IReadOnlyList<string> DeleteLeftovers()
    {
        string[] staging = [Places.Generations, Places.TftpGenerations, Places.Menus, Places.DomUImages];
        string[] links = [Places.Images, Places.Tftp, Places.DomUImages];
        List<string> leftovers =
        [
            .. staging.SelectMany(place => Entries(place).Where(path => Path.GetFileName(path).StartsWith(GenerationTree.StagingPrefix, StringComparison.Ordinal))),
            .. links.SelectMany(place => Entries(place).Where(path => Durable.IsTemporaryName(Path.GetFileName(path)))),
        ];
        leftovers.ForEach(SafeDelete.Tree);
        return leftovers;
    }

    private string[] Entries(string place)
    {
        var directory = places.OnDisk(place);
        return Directory.Exists(directory) ? Directory.GetFileSystemEntries(directory) : [];
    }
}
