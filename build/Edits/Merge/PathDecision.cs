using Dom0Image.Edits.Layers;
using Dom0Image.Generations;
using Dom0Image.Posix;

namespace Dom0Image.Edits.Merge;

/// <summary>What becomes of a path of a layer.</summary>
internal enum PathVerdict
{
    /// <summary>It is as the edit says.</summary>
    Applied,

    /// <summary>The base has it as the edit says.</summary>
    There,

    /// <summary>No image has it, whatever anybody writes there.</summary>
    LeftOut,

    /// <summary>Somebody decided for the base.</summary>
    Base,

    /// <summary>Nobody decided yet: the base's stays.</summary>
    Conflict,
}

/// <summary>What becomes of one path of a layer, and why.</summary>
/// <param name="Path">The path.</param>
/// <param name="Now">What the tree has there.</param>
/// <param name="Verdict">What becomes of it.</param>
internal sealed record PathDecision(LayerPath Path, ManifestEntry? Now, PathVerdict Verdict)
{
    /// <summary>Why it is left out.</summary>
    public string? Why { get; init; }

    /// <summary>The conflict, also one that an answer settled.</summary>
    public EditConflict? Conflict { get; init; }

    /// <summary>The answer that settled it.</summary>
    public Answer? Answer { get; init; }

    /// <summary>Whether it takes a directory away, and puts nothing or something else in its place.</summary>
    public bool RemovesDirectory => Now is { Type: FileType.Directory } && Path.New is not { Type: FileType.Directory };
}
