using System.Collections.Immutable;

namespace Dom0Image.Benchmarks;

/// <summary>What one benchmark found: a section of the results page.</summary>
/// <param name="Title">Its heading.</param>
internal sealed record BenchSection(string Title)
{
    /// <summary>What was held against what; Markdown paragraphs.</summary>
    public ImmutableArray<string> About { get; init; } = [];

    /// <summary>Figures with a target.</summary>
    public ImmutableArray<Comparison> Comparisons { get; init; } = [];

    /// <summary>More figures; lines of a Markdown table, or none.</summary>
    public ImmutableArray<string> Table { get; init; } = [];

    /// <summary>Commands that were timed, as one would type them.</summary>
    public ImmutableArray<(string Name, string Command)> Commands { get; init; } = [];

    /// <summary>Tools whose versions count, such as <c>gcc 12.2.0</c>.</summary>
    public ImmutableArray<string> Versions { get; init; } = [];
}
