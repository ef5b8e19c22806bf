using System.Collections.Immutable;

namespace Dom0Image.Edits.Layers;

/// <summary>The layers of a recipe, as they lie on disk.</summary>
internal static class KeptLayers
{
    /// <summary>All of them, in the order in which they apply: that of their names. What holds no <c>layer.json</c> is none, or not whole yet.</summary>
    /// <param name="directory">The recipe's; it need not be there.</param>
    /// <exception cref="Diagnostics.BuildFailedException">One is damaged.</exception>
    public static ImmutableArray<KeptLayer> Read(string directory) => [.. In(directory).Select(KeptLayer.Read)];

    /// <summary>Their directories, in the same order.</summary>
    public static IEnumerable<string> In(string directory) => Directory.Exists(directory)
        ? Directory.GetDirectories(directory).Where(IsWhole).OrderBy(path => Path.GetFileName(path), StringComparer.Ordinal)
        : [];

    // A name with a dot in front is that of something that is being made or deleted.
    private static bool IsWhole(string directory) => !Path.GetFileName(directory).StartsWith('.') && File.Exists(Path.Combine(directory, KeptLayer.FileName));
}
