namespace Dom0Image.CommandLine;

/// <summary>Finds the word that a typo was meant to be.</summary>
internal static class EditDistance
{
    /// <summary>The nearest of the known words, or null when none is near: more than a third of the letters differ.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
        => known
            .Select(k => (Word: k, Distance: Between(word.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Distance <= Math.Max(2, k.Word.Length / 3))
            .OrderBy(k => k.Distance)
            .Select(k => k.Word)
            .FirstOrDefault();

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other.</summary>
    public static int Between(string one, string other)
    {
        var d = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                d[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(d[i - 1, j], d[i, j - 1]) + 1,
                        d[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[one.Length, other.Length];
    }
}
