using Dom0Image.Posix;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Edits;

/// <summary>A tree of a test's, and how it is looked at without the program's own readers of trees.</summary>
/// <param name="root">Its top; absolute.</param>
internal sealed class Tree(string root)
{
    public string Root => root;

    public Tree File(string path, string content, string mode = "0644", uint user = 0, uint group = 0)
    {
        Way(path);
        FileChange.Delete(root + path);
        FileChange.MakeFile(root + path, System.Text.Encoding.Latin1.GetBytes(content), OctalMode.Parse(mode));
        return Own(path, mode, user, group);
    }

    public Tree Dir(string path, string mode = "0755", uint user = 0, uint group = 0)
    {
        Way(path);
        if (FileNode.Find(root + path) is null)
        {
            FileChange.MakeDirectory(root + path, OctalMode.Parse(mode));
        }

        return Own(path, mode, user, group);
    }

    public Tree Link(string path, string target)
    {
        Way(path);
        FileChange.Delete(root + path);
        FileChange.MakeLink(root + path, target);
        return this;
    }

    /// <summary>Makes a further name of a file.</summary>
    public Tree Name(string path, string of)
    {
        Way(path);
        Assert.That(FileChange.TryMakeName(root + path, root + of));
        return this;
    }

    public Tree Delete(string path)
    {
        SafeDelete.Tree(root + path);
        return this;
    }

    public Tree Own(string path, string mode, uint user, uint group)
    {
        FileChange.SetOwner(root + path, user, group);
        FileChange.SetMode(root + path, OctalMode.Parse(mode));
        return this;
    }

    public FileNode? Find(string path) => FileNode.Find(root + path);

    public string Read(string path) => System.IO.File.ReadAllText(root + path);

    /// <summary>Every path below the top.</summary>
    public SortedDictionary<string, Seen> States()
    {
        var states = new SortedDictionary<string, Seen>(StringComparer.Ordinal);
        foreach (var node in FileNode.Get(root).Below())
        {
            states[node.Path[root.Length..]] = Seen.Of(node);
        }

        return states;
    }

    private void Way(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (FileNode.Find(root + path[..slash]) is null)
            {
                FileChange.MakeDirectory(root + path[..slash], OctalMode.Parse("0755"));
            }
        }
    }
}

/// <summary>What one path is.</summary>
internal sealed record Seen(FileType Type, string Mode, string Owner, string Content, string Attributes)
{
    public static Seen Of(FileNode node) => new(
        node.Type,
        node.IsLink ? "" : OctalMode.Of(node.Mode),
        $"{node.Uid}:{node.Gid}",
        node.IsFile ? System.Text.Encoding.Latin1.GetString(node.ReadAllBytes()) : node.IsLink ? node.Target : "",
        node.IsLink ? "" : Attribute(node.Path));

    private static string Attribute(string path) => Syscall.lgetxattr(path, "user.test", out var value) < 0 ? "" : System.Text.Encoding.Latin1.GetString(value);
}
