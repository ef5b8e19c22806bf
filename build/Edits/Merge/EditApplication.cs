using System.Collections.Immutable;
using Dom0Image.Edits.Layers;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Edits.Merge;

/// <summary>Applies the paths of layers, one layer after the other, to a tree in which every path has the name that it has before it moves below <c>/flash</c>.</summary>
/// <param name="root">The tree; absolute. Nobody else changes it meanwhile.</param>
/// <param name="answers">What was decided before.</param>
/// <param name="flash">What clients write to.</param>
/// <param name="context">For diffs.</param>
internal sealed class EditApplication(string root, AnswerBook answers, FlashList flash, StageContext context)
{
    private const int NamesTold = 5;

    /// <summary>Applies a layer's paths, as far as base and edit agree or somebody decided; all else stays as the base has it.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">A content of the layer is missing or damaged.</exception>
    /// <exception cref="IOException">A change failed half-way: the tree is no longer usable.</exception>
    public async Task<EditReport> ApplyAsync(KeptLayer kept)
    {
        var decisions = new LayerMerge(kept, root, answers, new UnkeptPaths(flash)).Decide();
        var conflicts = ImmutableArray.CreateBuilder<EditConflict>();
        foreach (var conflict in decisions.Where(decision => decision.Verdict is PathVerdict.Conflict).Select(decision => decision.Conflict!))
        {
            conflicts.Add(conflict with { Diff = await DiffAsync(kept, conflict).ConfigureAwait(false) });
        }

        new LayerWriter(kept, root, answers).Apply(decisions);
        return new EditReport(conflicts.ToImmutable(), [.. Notes(kept.Layer, decisions)]);
    }

    private async Task<ImmutableArray<string>> DiffAsync(KeptLayer kept, EditConflict conflict)
        => conflict is { Base.Type: FileType.File, Edit: { Type: FileType.File, Sha256: { } sum } }
            ? await ConflictDiff.OfAsync(TreeWay.OnDisk(root, conflict.What), kept.ContentOf(sum), conflict.What, context).ConfigureAwait(false)
            : [];

    private static IEnumerable<string> Notes(Layer layer, ImmutableArray<PathDecision> decisions)
    {
        foreach (var (verdict, words) in new[]
        {
            (PathVerdict.There, "the base has it already"),
            (PathVerdict.Base, "the base's was chosen"),
        })
        {
            if (Paths(decisions.Where(decision => decision.Verdict == verdict)) is { } paths)
            {
                yield return $"edit {layer.Name}: {words}: {paths}";
            }
        }

        foreach (var left in decisions.Where(decision => decision.Verdict is PathVerdict.LeftOut).GroupBy(decision => decision.Why))
        {
            yield return $"edit {layer.Name}: left out, since {left.Key}: {Paths(left)}";
        }
    }

    private static string? Paths(IEnumerable<PathDecision> decisions)
    {
        var names = decisions.Select(decision => ByteName.Printable(decision.Path.Path)).ToList();
        return names.Count == 0 ? null
            : names.Count > NamesTold ? $"{string.Join(", ", names.Take(NamesTold))} and {names.Count - NamesTold} more"
            : string.Join(", ", names);
    }
}
