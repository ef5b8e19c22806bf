using Dom0Image.Recipes;
using Dom0Image.Verification;

namespace Dom0Image.Tests.Verification;

/// <summary>A fault that is planted where a real one would be, and what has to be told of it.</summary>
/// <param name="Name">The fault, for the test's name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Where it is found.</param>
/// <param name="Plant">Plants it.</param>
internal sealed record PlantedFault(string Name, FindingKind Kind, string Path, Action<WholeGeneration> Plant)
{
    /// <summary>The one init under which there can be such a fault; null for both.</summary>
    public InitSystem? Only { get; init; }

    /// <summary>Changes the recipe from which the generation is made.</summary>
    public Func<Recipe, Recipe>? From { get; init; }

    /// <summary>Whether the RAM tree is packed after it, as where a step of the build makes the fault; else it is as where an edit does.</summary>
    public bool Packed { get; init; } = true;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
