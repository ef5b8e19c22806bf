using System.Collections.Immutable;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;

namespace Dom0Image.RootFs.Flash;

/// <summary>
/// Links of an image whose <c>..</c> climbs out of a directory that moves below /flash: it would climb into /flash then,
/// and not to where it was meant. They are found before the move and made absolute after it.
/// </summary>
internal sealed class ClimbingLinks
{
    private readonly string _root;
    private readonly ImmutableHashSet<string> _moving;
    private readonly List<(string Path, string Target, FileNode Link)> _found = [];

    private ClimbingLinks(string root, ImmutableHashSet<string> moving) => (_root, _moving) = (root, moving);

    /// <summary>Looks through the whole image, before anything moves.</summary>
    public static ClimbingLinks Find(string root, ImmutableArray<FlashEntry> moving)
    {
        var links = new ClimbingLinks(root, [.. moving.Select(entry => entry.Path)]);
        if (moving.Length > 0)
        {
            foreach (var link in FileNode.Get(root).Below().Where(node => node.IsLink))
            {
                links.Look(link);
            }
        }

        return links;
    }

    /// <summary>Makes them absolute, where they are now.</summary>
    public void Repoint(string root)
    {
        foreach (var (path, target, link) in _found)
        {
            var top = Ancestors(path).FirstOrDefault(_moving.Contains);
            var now = root + (top is null ? path : FlashPaths.Moved(path));
            FileChange.Delete(now);
            FileChange.MakeLink(now, target);
            FileChange.SetOwner(now, link.Uid, link.Gid);
        }
    }

    private void Look(FileNode link)
    {
        var target = link.Target;
        var path = link.Path[_root.Length..];

        // An entry that is a link itself gets its target from the list.
        if (target.Contains("..", StringComparison.Ordinal) && !_moving.Contains(path) && Meant(path, target) is { } meant)
        {
            _found.Add((path, meant, link));
        }
    }

    /// <summary>Walks a link's target in the tree as it is. The absolute path that is meant when the walk climbs out of a moving directory, else null.</summary>
    private string? Meant(string path, string target)
    {
        var left = new Stack<string>();
        ContainedPath.Push(left, target);
        var here = target.StartsWith('/') ? "" : ContainedPath.Parent(path);
        var climbed = false;
        var links = 0;
        while (left.TryPop(out var name))
        {
            if (name == "..")
            {
                climbed |= _moving.Contains(here);
                here = ContainedPath.Parent(here);
                continue;
            }

            var next = $"{here}/{name}";
            if (left.Count == 0)
            {
                here = next;
                continue;
            }

            var node = FileNode.Find(_root + next);
            if (node is { IsDirectory: true })
            {
                here = next;
                continue;
            }

            // Through a file or a missing name it leads nowhere, and must not lead anywhere afterwards.
            if (node is not { IsLink: true } link || ++links > ContainedPath.LinkLimit)
            {
                return null;
            }

            var through = link.Target;
            here = through.StartsWith('/') ? "" : here;
            ContainedPath.Push(left, through);
        }

        return !climbed ? null : here.Length == 0 ? "/" : here;
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var at = path; at.Length > 0; at = ContainedPath.Parent(at))
        {
            yield return at;
        }
    }
}
