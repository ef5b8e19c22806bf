namespace Dom0Image.Diagnostics;

/// <summary>Finds the word that someone who made a typo meant.</summary>
internal static class Nearest
{
    /// <summary>
    /// The candidate that is nearest to <paramref name="word"/>, or null when none is near enough: at most a third of the
    /// letters (and at least one) may be wrong, missing, too many or swapped with their neighbour. Case and the difference
    /// between <c>-</c> and <c>_</c> cost nothing.
    /// </summary>
    public static string? To(string word, IEnumerable<string> candidates)
    {
        var wanted = Fold(word);
        var best = candidates
            .Select(candidate => (candidate, distance: Distance(wanted, Fold(candidate))))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault((candidate: "", distance: int.MaxValue));
        var allowed = Math.Max(1, Math.Min(wanted.Length, best.candidate.Length) / 3);
        return best.distance <= allowed ? best.candidate : null;
    }

    /// <summary>A hint for a diagnostic, <c>"Did you mean 'suite'?"</c>, or null when nothing is near.</summary>
    public static string? Hint(string word, IEnumerable<string> candidates)
        => To(word, candidates) is { } nearest ? $"Did you mean '{nearest}'?" : null;

    private static string Fold(string word) => word.ToLowerInvariant().Replace('_', '-');

    /// <summary>Edit distance with insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                rows[i, j] = (i, j) switch
                {
                    (_, 0) => i,
                    (0, _) => j,
                    _ => Math.Min(
                        Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1,
                        rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[one.Length, other.Length];
    }
}
