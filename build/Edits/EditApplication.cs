using System.Collections.Immutable;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Edits.Packages;
using Dom0Image.Edits.Settings;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Edits;

/// <summary>
/// Applies settings and paths of layers, one layer after the other, to a tree that has their packages, and in which every path has the name
/// that it has before it moves below <c>/flash</c>.
/// </summary>
/// <param name="root">The tree; absolute. Nobody else changes it meanwhile.</param>
/// <param name="answers">What was decided before.</param>
/// <param name="recipe">What the image is.</param>
/// <param name="context">For tools.</param>
internal sealed class EditApplication(string root, AnswerBook answers, Recipe recipe, StageContext context)
{
    private const int NamesTold = 5;

    /// <summary>Applies a layer, as far as base and edit agree or somebody decided; all else stays as the base has it.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">A content of the layer is missing or damaged.</exception>
    /// <exception cref="IOException">A change failed half-way: the tree is no longer usable.</exception>
    public async Task<EditReport> ApplyAsync(KeptLayer kept)
    {
        // Of no day: two builds of the same would differ.
        var tools = new LayerTools(root, kept.Layer, new ImageTools(root, DateTimeOffset.UnixEpoch, context));
        var system = new SystemSettings(kept.Layer.Settings, recipe.Init, tools);
        if (!kept.Layer.Settings.IsEmpty)
        {
            await new AccountSettings(kept.Layer.Settings, tools).ApplyAsync().ConfigureAwait(false);
            await system.ApplyToPackagesAsync().ConfigureAwait(false);
        }

        var report = await ApplyPathsAsync(kept).ConfigureAwait(false);
        await system.ApplyToFilesAsync().ConfigureAwait(false);
        return report.With(new EditReport(tools.Conflicts, []));
    }

    private async Task<EditReport> ApplyPathsAsync(KeptLayer kept)
    {
        var decisions = new LayerMerge(kept, root, answers, new UnkeptPaths(recipe.Flash)).Decide();
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
