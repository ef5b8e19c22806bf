using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>The recipe that a generation was made from, kept with it: an old one is held against its own recipe, whatever today's says.</summary>
internal static class GenerationRecipe
{
    /// <summary>Its name in the generation's directory.</summary>
    public const string FileName = "recipe.yaml";

    /// <summary>Reads it. What may fail shapes no image, and is today's.</summary>
    /// <param name="generation">A finished generation.</param>
    /// <param name="today">What is taken where the generation has none that can be read: it was made by an older or newer Dom0Image.</param>
    /// <exception cref="BuildFailedException">The generation was made from a recipe of another name.</exception>
    public static Recipe Of(GenerationTree generation, Recipe today)
    {
        var name = GenerationInfo.Read(generation).Recipe;
        if (name != today.Name)
        {
            throw new BuildFailedException(new Diagnostic($"generation {generation.Id} was made from recipe {name}, and this run is about {today.Name}") { Hint = $"Add --recipe={name}" });
        }

        var kept = Path.Combine(generation.ImageDirectory, FileName);
        try
        {
            return File.Exists(kept) ? RecipeReader.Read(kept) with { Name = name, MayFail = today.MayFail } : today;
        }
        catch (BuildFailedException)
        {
            return today;
        }
    }
}
