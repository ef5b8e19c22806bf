using System.Collections.Immutable;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Image;

namespace Dom0Image.RootFs.Flash;

/// <summary>What is to be done for one entry of the flash list.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Step">What is to be done with what the image has there.</param>
/// <param name="HasLink">Whether it has a link of its own; false below another entry.</param>
/// <param name="User">Its owner's number in the image.</param>
/// <param name="Group">Its group's number in the image.</param>
internal sealed record FlashMove(FlashEntry Entry, FlashStep Step, bool HasLink, uint User, uint Group);

/// <summary>What becomes of what the image has at an entry's path.</summary>
internal enum FlashStep
{
    /// <summary>It is moved below /flash.</summary>
    Move,

    /// <summary>It is below /flash already, or is missing and is made there.</summary>
    Keep,
}

/// <summary>Looks at an image and its flash list before anything is changed, and tells all that does not fit.</summary>
internal sealed class FlashPlan
{
    private readonly string _root;
    private readonly FlashList _list;
    private readonly ImageOwners _owners;
    private readonly List<Diagnostic> _problems = [];

    private FlashPlan(string root, FlashList list)
        => (_root, _list, _owners) = (root, list, ImageOwners.Read(root));

    /// <summary>The moves, parents before what is below them.</summary>
    /// <exception cref="BuildFailedException">All that does not fit.</exception>
    public static ImmutableArray<FlashMove> Make(string root, FlashList list)
    {
        var plan = new FlashPlan(root, list);
        if (FileNode.Find(root + FlashPaths.Flash) is { IsDirectory: false } other)
        {
            throw new BuildFailedException(new Diagnostic($"the image has a {other.TypeName} at {FlashPaths.Flash}; it must be a directory, or not there"));
        }

        ImmutableArray<FlashMove> moves = [.. list.Entries.OrderBy(entry => entry.Path, StringComparer.Ordinal).Select(plan.Look).OfType<FlashMove>()];
        return plan._problems.Count == 0 ? moves : throw new BuildFailedException(plan._problems);
    }

    /// <summary>
    /// The target of a symlink entry as it stands below /flash: absolute, because a relative one would be meant from
    /// the place where the list has it.
    /// </summary>
    public static string TargetOf(FlashEntry entry)
    {
        var target = entry.Target ?? throw new ArgumentException($"{entry.Path} is a symlink without a target", nameof(entry));
        return target.StartsWith('/') ? target : LexicalPath.Combine(ContainedPath.Parent(entry.Path), target);
    }

    private FlashMove? Look(FlashEntry entry)
    {
        var problems = _problems.Count;
        var user = _owners.FindUser(entry.Owner);
        var group = _owners.FindGroup(entry.Group);
        if (user is null)
        {
            _problems.Add(_owners.Unknown("user", entry.Owner, entry.Where));
        }

        if (group is null)
        {
            _problems.Add(_owners.Unknown("group", entry.Group, entry.Where));
        }

        var hasLink = _list.ParentOf(entry) is null;
        var step = hasLink ? LookAtOriginal(entry) : LookBelowParent(entry);
        return _problems.Count == problems ? new FlashMove(entry, step, hasLink, user!.Value, group!.Value) : null;
    }

    private FlashStep LookAtOriginal(FlashEntry entry)
    {
        if (entry.Path == "/" || entry.Path == FlashPaths.Flash || FlashPaths.IsBelow(entry.Path, FlashPaths.Flash) || LexicalPath.Combine("", entry.Path) != entry.Path)
        {
            Reject(entry, $"{entry.Path} cannot be a writable path", "an absolute path without '.' and '..', outside /flash");
            return FlashStep.Keep;
        }

        if (RejectWay(entry, entry.Path, ""))
        {
            return FlashStep.Keep;
        }

        var moved = FlashPaths.Moved(entry.Path);
        var flash = FileNode.Find(_root + moved);
        var original = FileNode.Find(_root + entry.Path);
        if (original is null || (original is { IsLink: true } link && link.Target == moved))
        {
            RejectWay(entry, moved, "");
            RejectKind(entry, flash, moved);
            return FlashStep.Keep;
        }

        RejectKind(entry, original, entry.Path);
        if (flash is not null)
        {
            Reject(entry, $"the image has both {entry.Path} and {moved}, and no link from the one to the other", "one of them");
        }

        RejectWay(entry, moved, "");
        return FlashStep.Move;
    }

    // It moves, or moved, with its parent. Before the move it is looked up at the parent's old place.
    private FlashStep LookBelowParent(FlashEntry entry)
    {
        var top = _list.Entries.Where(other => FlashPaths.IsBelow(entry.Path, other.Path)).MinBy(other => other.Path.Length)!;
        var moved = FileNode.Find(_root + top.Path) is { IsLink: true } && FileNode.Find(_root + FlashPaths.Moved(top.Path)) is not null;
        var path = moved ? FlashPaths.Moved(entry.Path) : entry.Path;
        if (!RejectWay(entry, path, moved ? FlashPaths.Moved(top.Path) : top.Path))
        {
            RejectKind(entry, FileNode.Find(_root + path), path);
        }

        return FlashStep.Keep;
    }

    // Every directory on the way must be one of its own: through a link, the same place would have two names in the list.
    private bool RejectWay(FlashEntry entry, string path, string from)
    {
        for (var slash = path.IndexOf('/', from.Length + 1); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            var way = path[..slash];
            switch (FileNode.Find(_root + way))
            {
                case null:
                    return false;
                case { IsDirectory: true }:
                    continue;
                case { IsLink: true } link:
                    Reject(
                        entry,
                        $"{entry.Path} leads through the image's link {way} -> {link.Target}",
                        $"the path itself, {ContainedPath.ResolveInImage(_root, way).TrimEnd('/')}{path[slash..]}");
                    return true;
                case { } other:
                    Reject(entry, $"{entry.Path} leads through {way}, which is a {other.TypeName} in the image", "a path through directories");
                    return true;
            }
        }

        return false;
    }

    private void RejectKind(FlashEntry entry, FileNode? found, string path)
    {
        if (found is { } node && !Fits(entry.Kind, node))
        {
            var target = node.IsLink ? $" to {node.Target}" : "";
            Reject(entry, $"{path} is a {node.TypeName}{target} in the image, and a {Name(entry.Kind)} in the list", node.IsLink ? "the path that it leads to" : $"kind: {node.TypeName}");
        }
    }

    internal static bool Fits(FlashKind kind, FileNode node) => kind switch
    {
        FlashKind.Directory => node.IsDirectory,
        FlashKind.Symlink => node.IsLink,
        _ => node.IsFile,
    };

    internal static string Name(FlashKind kind) => kind.ToString().ToLowerInvariant();

    private void Reject(FlashEntry entry, string what, string expected)
        => _problems.Add(new Diagnostic(what) { Where = entry.Where, Expected = expected });
}
