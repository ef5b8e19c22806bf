using System.Collections.Immutable;
using System.Text;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;

namespace Dom0Image.RootFs.Flash;

/// <summary>
/// Has systemd-tmpfiles clean the writable paths of an image: it cleans a directory of a given age and never what a link
/// leads to, and the relocation made links of them. What the image's tmpfiles.d says of such a path is said again of its
/// place below /flash, what is left out from the cleaning included.
/// </summary>
/// <remarks>Seen with systemd 252 and 257: "Failed to open directory /var/tmp: Not a directory", and nothing is cleaned.</remarks>
internal static class TmpfilesAges
{
    private const string File = "/etc/tmpfiles.d/dom0-flash.conf";
    private const string NoAge = "-";
    private const int Readable = 0b110_100_100;

    // A file in an earlier place is read in place of one of the same name in a later one; tmpfiles.d(5).
    private static readonly ImmutableArray<string> Places = ["/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d", "/lib/tmpfiles.d"];

    /// <summary>Writes them into a relocated image; nothing when no writable path is cleaned by age.</summary>
    /// <param name="root">The image's root on this machine, absolute.</param>
    /// <param name="list">The list that it was relocated with.</param>
    public static void Write(string root, FlashList list)
    {
        var lines = Lines(root).ToList();
        var cleaned = list.Moved.Select(entry => entry.Path).Where(path => lines.Any(line => line.Path == path && line.IsAged)).ToHashSet(StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var line in lines.Where(line => cleaned.Any(path => line.Path == path || FlashPaths.IsBelow(line.Path, path))).DistinctBy(line => line.Path))
        {
            text.Append(line.Moved()).Append('\n');
        }

        if (text.Length > 0)
        {
            var path = $"{ImageDirectory.Ensure(root, ContainedPath.Parent(File))}/{Path.GetFileName(File)}";
            FileChange.Delete(path);
            FileChange.MakeFile(path, ByteName.ToBytes($"# Made by the image's pipeline: these are links outside {FlashPaths.Flash}, and links are not cleaned.\n{text}"), Readable);
        }
    }

    private static IEnumerable<Line> Lines(string root)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var place in Places.Select(place => ContainedPath.Resolve(root, place)))
        {
            foreach (var node in FileNode.Find(place) is { IsDirectory: true } directory ? directory.Children() : [])
            {
                if (node.Name.EndsWith(".conf", StringComparison.Ordinal) && node.Name != Path.GetFileName(File))
                {
                    files.TryAdd(node.Name, node.Path[root.Length..]);
                }
            }
        }

        // A link to /dev/null says that there is nothing of that name.
        return from path in files.Values
               let node = FileNode.Find(ContainedPath.Resolve(root, path))
               where node is { IsFile: true }
               from text in ByteName.FromBytes(node.Value.ReadAllBytes()).Split('\n')
               let line = Line.Parse(text)
               where line is not null
               select line;
    }

    private sealed record Line(char Type, string Path, string Age)
    {
        // Directories, those that are made and those that are only tidied.
        public bool IsDirectory => "dDevqQ".Contains(Type);

        public bool IsAged => IsDirectory && Age != NoAge;

        // "type path mode user group age argument". What holds at boot alone (!) is nothing to the cleaning.
        public static Line? Parse(string text)
        {
            var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return fields is [[not '#', ..] type, var path, ..] && !type.Contains('!') ? new Line(type[0], path.Trim('"').TrimEnd('/'), fields is [_, _, _, _, _, var age, ..] ? age : NoAge) : null;
        }

        // Made and owned they are by the RAM tree: 'e' takes what is there. All else is only not to be cleaned away.
        public string Moved() => IsDirectory
            ? $"e {FlashPaths.Flash}{Path} - - - {Age}"
            : $"{(Type == 'X' ? 'X' : 'x')} {FlashPaths.Flash}{Path} - - - -";
    }
}
