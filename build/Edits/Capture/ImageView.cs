using System.Text;
using Dom0Image.Posix;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Edits.Capture;

/// <summary>Reads single files of an image as programs in a session saw it: what was written, over the generation.</summary>
/// <param name="upper">The overlay's upper directory; null for the generation alone.</param>
/// <param name="lower">The generation's root.</param>
internal sealed class ImageView(string? upper, string lower)
{
    /// <summary>Where the image's links lead from a path, as the generation has them, such as below <c>/flash</c>.</summary>
    public string Place(string imagePath) => ContainedPath.ResolveInImage(lower, imagePath);

    /// <summary>The file at a place, wherever it lies; null where there is none.</summary>
    /// <param name="place">A path without links on the way.</param>
    public FileNode? Find(string place)
    {
        if (upper is not null)
        {
            for (var slash = place.IndexOf('/', 1); ; slash = place.IndexOf('/', slash + 1))
            {
                var way = slash < 0 ? place : place[..slash];
                if (FileNode.Find(upper + way) is not { } node)
                {
                    break;
                }

                if (UpperTree.IsWhiteout(node))
                {
                    return null;
                }

                if (slash < 0)
                {
                    return node;
                }

                if (!node.IsDirectory || UpperTree.IsOpaque(node))
                {
                    return node.IsDirectory ? FileNode.Find(upper + place) is { } there && !UpperTree.IsWhiteout(there) ? there : null : null;
                }
            }
        }

        return FileNode.Find(lower + place);
    }

    /// <summary>Names in a directory; none where there is none.</summary>
    public IReadOnlyList<string> Names(string imagePath)
    {
        var place = Place(imagePath);
        return [.. new[] { upper, lower }.OfType<string>().Select(root => root + place).Where(path => FileNode.Find(path) is { IsDirectory: true })
            .SelectMany(path => DirectoryNames.Read(path).Select(entry => entry.Name)).Distinct().Where(name => Find($"{place}/{name}") is not null).Order(StringComparer.Ordinal)];
    }

    /// <summary>The text of a file; empty where there is none.</summary>
    public string Text(string imagePath) => Find(Place(imagePath)) is { IsFile: true } file ? Encoding.UTF8.GetString(file.ReadAllBytes()) : "";

    /// <summary>Its lines.</summary>
    public string[] Lines(string imagePath) => Text(imagePath).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Where a link that is directly in a directory leads; null where there is none.</summary>
    public string? Target(string directory, string name) => Find($"{Place(directory)}/{name}") is { IsLink: true } link ? link.Target : null;
}
