using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Edits.Packages;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Settings;

/// <summary>Has an image's own tools take a layer's settings. What one of them refuses is a conflict, and the others go on.</summary>
/// <param name="root">The tree; absolute.</param>
/// <param name="layer">The layer.</param>
/// <param name="tools">The image's tools.</param>
internal sealed class LayerTools(string root, Layer layer, ImageTools tools)
{
    private readonly ImmutableArray<EditConflict>.Builder _conflicts = ImmutableArray.CreateBuilder<EditConflict>();

    /// <summary>What was refused.</summary>
    public ImmutableArray<EditConflict> Conflicts => _conflicts.ToImmutable();

    /// <summary>Runs a tool.</summary>
    /// <param name="what">The setting, for people.</param>
    /// <param name="program">The tool.</param>
    /// <param name="arguments">Its arguments.</param>
    public async Task RunAsync(string what, string program, params string[] arguments)
    {
        try
        {
            await tools.RunAsync(null, program, arguments).ConfigureAwait(false);
        }
        catch (ToolFailedException failure) when (!DiskSpace.IsDiskFull(failure))
        {
            Refuse(what, failure.LastLines is [.., var last] ? last : $"{program} refuses it");
        }
    }

    /// <summary>Notes a setting that this base cannot have.</summary>
    public void Refuse(string what, string why) => _conflicts.Add(new EditConflict(layer.Name, what, why));

    /// <summary>Lines of a file of the image; none where there is no such file.</summary>
    public string[] Lines(string path) => FileNode.Find(ContainedPath.Resolve(root, path)) is { IsFile: true } file ? File.ReadAllLines(file.Path) : [];

    /// <summary>The rows of a table such as <c>/etc/passwd</c> by their names.</summary>
    public Dictionary<string, string[]> Table(string path)
        => Lines(path).Select(line => line.Split(':')).Where(row => row.Length > 2 && row[0].Length > 0).GroupBy(row => row[0]).ToDictionary(rows => rows.Key, rows => rows.First());

    /// <summary>Writes a file of the image anew, with its owner and mode.</summary>
    public void Write(string path, IEnumerable<string> lines)
        => FileChange.ReplaceContent(FileNode.Get(ContainedPath.Resolve(root, path)), string.Concat(lines.Select(line => line + "\n")));
}
