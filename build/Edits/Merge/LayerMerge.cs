using System.Collections.Immutable;
using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Merge;

/// <summary>
/// Compares each path of a layer in three states: in the generation that was edited, in the tree that the layer is applied to, and as the
/// edit has it. Reads the tree, and changes nothing.
/// </summary>
/// <param name="kept">The layer.</param>
/// <param name="root">The tree; absolute.</param>
/// <param name="answers">What was decided before.</param>
/// <param name="unkept">What no image keeps.</param>
internal sealed class LayerMerge(KeptLayer kept, string root, AnswerBook answers, UnkeptPaths unkept)
{
    private static readonly ImmutableArray<AnswerKind> EitherSide = [AnswerKind.Mine, AnswerKind.Base];

    private readonly SortedDictionary<string, PathDecision> _decisions = new(StringComparer.Ordinal);

    /// <summary>Decides for all paths.</summary>
    /// <returns>In ordinal order of paths.</returns>
    public ImmutableArray<PathDecision> Decide()
    {
        // A directory before what is in it: whether it will be there is asked below it.
        foreach (var path in kept.Layer.Paths.OrderBy(path => path.Path, StringComparer.Ordinal))
        {
            _decisions[path.Path] = Compare(path);
        }

        // And after it: whether it may go depends on what is left in it.
        foreach (var removal in _decisions.Values.Where(d => d is { Verdict: PathVerdict.Applied, RemovesDirectory: true, Answer: null }).Reverse().ToList())
        {
            _decisions[removal.Path.Path] = WithContent(removal);
        }

        foreach (var link in _decisions.Values.Where(d => d is { Verdict: PathVerdict.Applied, Path.New.SameFileAs: not null, Answer: null }).ToList())
        {
            _decisions[link.Path.Path] = WithFile(link);
        }

        // Who decided that a directory goes with all that is in it decided that.
        foreach (var (_, moot) in _decisions.Where(d => d.Value is { Verdict: PathVerdict.Conflict, Path.New: null }).ToList())
        {
            if (TreeWay.Above(moot.Path.Path).Select(way => _decisions.GetValueOrDefault(way)).FirstOrDefault(above => above is { Verdict: PathVerdict.Applied, RemovesDirectory: true, Answer: not null }) is { } above)
            {
                _decisions[moot.Path.Path] = moot with { Verdict = PathVerdict.Applied, Answer = above.Answer };
            }
        }

        return [.. _decisions.Values];
    }

    private PathDecision Compare(LayerPath path)
    {
        if ((unkept.Why(path.Path) ?? new SettingPaths(kept.Layer.Settings).Why(path)) is { } why)
        {
            return new PathDecision(path, null, PathVerdict.LeftOut) { Why = why };
        }

        if (Obstacle(path.Path) is { } obstacle && (path.New is not null || obstacle.State is { Type: FileType.Symlink }))
        {
            return Disputed(path, null, Told(obstacle), obstacle.State is null ? EitherSide : [AnswerKind.Base], [obstacle.State]);
        }

        var now = Now(path);
        if (now is null && kept.Layer.Settings.Diversions.GetValueOrDefault(path.Path) is not null)
        {
            // What the package has there was moved aside just now.
            path = path with { Old = null };
        }

        return IsAsEdited(path, now) ? new PathDecision(path, now, PathVerdict.There)
            : ManifestComparison.AreSame(now, path.Old) ? new PathDecision(path, now, PathVerdict.Applied)
            : Disputed(path, now, Reason(path, now), Answers(path, now), Everything(path, now));
    }

    // The generation that was edited has the list's mode and owner there; a tree before the move has not yet.
    private ManifestEntry? Now(LayerPath path)
    {
        var now = PathState.Of(root, path.Path);
        return now is not null && unkept.HasContentAlone(path.Path) && (path.Old ?? path.New) is { } listed ? now with { Mode = listed.Mode, Uid = listed.Uid, Gid = listed.Gid } : now;
    }

    // Another name of a file has no content of its own.
    private bool IsAsEdited(LayerPath path, ManifestEntry? now) => path.New is { SameFileAs: { } first }
        ? now is { Type: FileType.File } && FileNode.Find(TreeWay.OnDisk(root, first)) is { IsFile: true } file && FileNode.Get(TreeWay.OnDisk(root, path.Path)).Inode == file.Inode
        : ManifestComparison.AreSame(now, path.New);

    // The first directory on the way that there will not be; with what the tree has there now.
    private (string Path, ManifestEntry? State)? Obstacle(string path)
    {
        foreach (var way in TreeWay.Above(path))
        {
            var decided = _decisions.GetValueOrDefault(way) is { Verdict: PathVerdict.Applied } decision ? decision : null;
            if (decided is null ? FileNode.Find(TreeWay.OnDisk(root, way)) is not { IsDirectory: true } : decided.Path.New is not { Type: FileType.Directory })
            {
                return (way, PathState.Of(root, way));
            }
        }

        return null;
    }

    // What is in a directory that goes must be known to whoever deleted it.
    private PathDecision WithContent(PathDecision removal)
    {
        var unknown = Below(removal.Path.Path).Where(path => _decisions.GetValueOrDefault(path) is not { Verdict: PathVerdict.Applied, Path.New: null }).ToList();
        return unknown.Count == 0
            ? removal
            : Disputed(
                removal.Path, removal.Now, $"the edit deletes the directory, and the base has {ByteName.Printable(unknown[0])} in it{(unknown.Count > 1 ? $" and {unknown.Count - 1} more" : "")}, which are not as they were",
                EitherSide, unknown.Select(path => PathState.Of(root, path)));
    }

    private PathDecision WithFile(PathDecision link)
    {
        var first = link.Path.New!.SameFileAs!;
        var file = _decisions.GetValueOrDefault(first) is { Verdict: PathVerdict.Applied } decision ? decision.Path.New : PathState.Of(root, first);
        return file is { Type: FileType.File } && (link.Path.New.Sha256 is null || link.Path.New.Sha256 == file.Sha256)
            ? link
            : Disputed(
                link.Path, link.Now, $"the edit makes it a further name of {ByteName.Printable(first)}, and that file is not as it was",
                link.Path.New.Sha256 is null ? [AnswerKind.Base] : EitherSide, [link.Now, file]);
    }

    private PathDecision Disputed(LayerPath path, ManifestEntry? now, string reason, ImmutableArray<AnswerKind> settledBy, IEnumerable<ManifestEntry?> evidence)
    {
        var conflict = new EditConflict(kept.Layer.Name, path.Path, reason)
        {
            Old = path.Old,
            Base = now,
            Edit = path.New,
            BaseSum = PathState.Sum(evidence.Prepend(now)),
            EditSum = PathState.Sum(path.New),
            Answers = settledBy,
        };
        var answer = answers.To(conflict) is { } given && settledBy.Contains(given.Kind) ? given : null;
        var verdict = answer?.Kind switch
        {
            null => PathVerdict.Conflict,
            AnswerKind.Base => PathVerdict.Base,
            _ => PathVerdict.Applied,
        };
        return new PathDecision(path, now, verdict) { Conflict = conflict, Answer = answer };
    }

    private static ImmutableArray<AnswerKind> Answers(LayerPath path, ManifestEntry? now)
        => path.New is { Type: FileType.File } && now is not { Type: FileType.Directory } ? [.. EitherSide, AnswerKind.Merged] : EitherSide;

    // Where the edit's would take the place of a directory, that is all that is in it.
    private IEnumerable<ManifestEntry?> Everything(LayerPath path, ManifestEntry? now)
        => now is { Type: FileType.Directory } && path.New is not { Type: FileType.Directory } ? Below(path.Path).Select(below => PathState.Of(root, below)) : [];

    private IEnumerable<string> Below(string path) => FileNode.Get(TreeWay.OnDisk(root, path)).Below().Select(node => node.Path[root.TrimEnd('/').Length..]);

    private static string Told((string Path, ManifestEntry? State) obstacle) => obstacle.State switch
    {
        null => $"its directory {ByteName.Printable(obstacle.Path)} is not there any more",
        { Type: FileType.Directory } => $"the edit itself takes its directory {ByteName.Printable(obstacle.Path)} away",
        { } other => $"{ByteName.Printable(obstacle.Path)} on the way to it is {PathState.Words(other)} in the base",
    };

    private static string Reason(LayerPath path, ManifestEntry? now) => (path.Old, now, path.New) switch
    {
        (null, _, _) => "edit and base have both made it, each in another way",
        (_, null, _) => "the edit changed it, and the base has it no longer",
        (_, _, null) => "the edit deleted it, and the base changed it",
        ({ } old, { } there, _) when old.Type != there.Type => "the edit changed it, and in the base it is something else now",
        _ => "edit and base have both changed it",
    };
}
