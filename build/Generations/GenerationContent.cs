using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Generations;

/// <summary>
/// Names generations by what clients get of them: two that hold the same, byte for byte, are one, whatever they were made from and
/// by which version of this program; whatever changes a file, a mode or an owner makes another one. Times count for nothing.
/// </summary>
internal static class GenerationContent
{
    /// <summary>The id of a sealed generation.</summary>
    /// <param name="recipe">Name of its recipe.</param>
    /// <param name="tree">Where its parts are.</param>
    public static string IdOf(string recipe, GenerationTree tree)
    {
        var key = StageKey.For("content", 1);
        foreach (var file in Directory.EnumerateFiles(tree.KernelFacts).Order(StringComparer.Ordinal).Prepend(tree.TftpManifestFile).Prepend(tree.ManifestFile))
        {
            key.Add("file", Path.GetFileName(file)).AddContent(FileNode.Get(file));
        }

        return GenerationAssembler.IdOf(recipe, key.Build());
    }
}
