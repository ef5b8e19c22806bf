using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.RootFs.RamTree;

/// <summary>One thing that a client finds in its RAM tree when it has booted.</summary>
/// <param name="Path">Below /flash, such as <c>/var/log</c>; <c>""</c> is the tree's own top.</param>
/// <param name="Node">What the image has there.</param>
/// <param name="Emptied">A file whose content in the image does not count.</param>
internal readonly record struct RamTreeNode(string Path, FileNode Node, bool Emptied);

/// <summary>Tells from a relocated image and its flash list what is in the RAM tree of a client that has just booted.</summary>
internal static class RamTreeContent
{
    /// <summary>All of it, directories before what is in them; sockets are left out, as no archive can hold them.</summary>
    public static IEnumerable<RamTreeNode> Of(string root, FlashList list)
    {
        var entries = list.Entries.ToImmutableDictionary(entry => entry.Path, StringComparer.Ordinal);
        var ways = list.Entries.SelectMany(entry => Parents(entry.Path)).ToImmutableHashSet(StringComparer.Ordinal);
        var top = FileNode.Get(root + FlashPaths.Flash);
        yield return new RamTreeNode("", top, Emptied: false);
        foreach (var node in Below(top, "", null))
        {
            yield return node;
        }

        IEnumerable<RamTreeNode> Below(FileNode directory, string path, FlashStart? rule)
        {
            foreach (var child in directory.Children())
            {
                var below = $"{path}/{child.Name}";
                var entry = entries.GetValueOrDefault(below);
                var start = entry?.Start ?? rule;
                var kept = entry is not null || ways.Contains(below) || start == FlashStart.Content || (start == FlashStart.Tree && child.IsDirectory);
                if (!kept || child.TypeName == "socket")
                {
                    continue;
                }

                yield return new RamTreeNode(below, child, Emptied: child.IsFile && start == FlashStart.Empty);
                if (child.IsDirectory)
                {
                    foreach (var node in Below(child, below, start))
                    {
                        yield return node;
                    }
                }
            }
        }
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var at = ContainedPath.Parent(path); at.Length > 0; at = ContainedPath.Parent(at))
        {
            yield return at;
        }
    }
}
