using System.Collections.Immutable;
using System.Text;
using Dom0Image.Edits.Layers;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.Store;

namespace Dom0Image.Edits;

/// <summary>All that is kept of the edits of a recipe, as it was read once for a run.</summary>
/// <param name="Layers">Its layers, in the order in which they apply.</param>
/// <param name="Answers">What was decided where base and edit differed.</param>
internal sealed record RecipeEdits(ImmutableArray<KeptLayer> Layers, AnswerBook Answers)
{
    /// <summary>No edits.</summary>
    public static RecipeEdits None { get; } = new([], AnswerBook.Empty);

    /// <summary>Where those of a recipe lie.</summary>
    public static string DirectoryOf(Places places, string recipe) => LayerStore.HomeOf(places, recipe);

    /// <summary>Reads them. While the build lock is held.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">A layer or the answers are damaged.</exception>
    public static RecipeEdits Read(Places places, string recipe)
    {
        var directory = DirectoryOf(places, recipe);
        return new(KeptLayers.Read(directory), AnswerBook.Read(directory));
    }

    /// <summary>These without some layers.</summary>
    public RecipeEdits Without(ImmutableHashSet<string> names) => this with { Layers = [.. Layers.Where(kept => !names.Contains(kept.Layer.Name))] };

    /// <summary>Adds all that shapes an image: contents stand in layers and answers by their sums.</summary>
    public void AddTo(StageKeyBuilder key)
    {
        key.Add("layers", Layers.Select(kept => Encoding.UTF8.GetString(KeptLayer.Write(kept.Layer))));
        if (!Layers.IsEmpty)
        {
            key.Add("answers", Answers.Answers.Select(answer => $"{answer}"));
        }
    }
}
