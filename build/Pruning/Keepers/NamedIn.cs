using System.Text;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Pruning.Keepers;

/// <summary>Which generations a small file names, or those in a directory do: as text, so that another way of writing keeps too much and never too little.</summary>
internal static class NamedIn
{
    // A session's own files are small; what it changes in the image is not, and lies deeper.
    private const long Small = 1 << 20;

    /// <summary>The ids that stand in it.</summary>
    public static IEnumerable<string> Of(string path, IEnumerable<ListedGeneration> generations)
    {
        var texts = FileNode.Find(path) switch
        {
            { IsFile: true } file => [file],
            { IsDirectory: true } directory => directory.Children().Where(node => node.IsFile && node.Size <= Small),
            _ => Enumerable.Empty<FileNode>(),
        };
        var all = string.Join('\n', texts.Select(file => Encoding.Latin1.GetString(file.ReadAllBytes())));
        return generations.Select(kept => kept.Info.Id).Where(id => all.Contains(id, StringComparison.Ordinal));
    }
}
