using System.Collections.Immutable;

namespace Dom0Image.Edits.Merge;

/// <summary>What became of a recipe's edits in a tree.</summary>
/// <param name="Conflicts">What nobody decided yet; the base's stays there.</param>
/// <param name="Notes">What a person should know: what the base has already, what no image keeps, what was decided before.</param>
internal sealed record EditReport(ImmutableArray<EditConflict> Conflicts, ImmutableArray<string> Notes)
{
    /// <summary>Nothing to tell.</summary>
    public static EditReport Empty { get; } = new([], []);

    /// <summary>Both.</summary>
    public EditReport With(EditReport more) => new(Conflicts.AddRange(more.Conflicts), Notes.AddRange(more.Notes));
}
