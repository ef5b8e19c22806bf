namespace Dom0Image.Archive;

/// <summary>Which of two versions of a package is the later one, as dpkg has it; see deb-version(7).</summary>
internal static class DebianVersion
{
    /// <summary>Less than zero where the first one is earlier, zero where they mean the same.</summary>
    public static int Compare(string one, string other)
    {
        var (a, b) = (Split(one), Split(other));
        return Parts(a.Epoch, b.Epoch) is not 0 and var epoch ? epoch
            : Parts(a.Upstream, b.Upstream) is not 0 and var upstream ? upstream
            : Parts(a.Revision, b.Revision);
    }

    private static (string Epoch, string Upstream, string Revision) Split(string version)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        var rest = version[(colon + 1)..];
        var dash = rest.LastIndexOf('-');
        return (colon < 0 ? "" : version[..colon], dash < 0 ? rest : rest[..dash], dash < 0 ? "" : rest[(dash + 1)..]);
    }

    // By turns a run of other signs, by their order, and a run of digits, by their number.
    private static int Parts(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var (a, b) = (0, 0);
        while (a < one.Length || b < other.Length)
        {
            while ((a < one.Length && !char.IsAsciiDigit(one[a])) || (b < other.Length && !char.IsAsciiDigit(other[b])))
            {
                var difference = Order(one, a) - Order(other, b);
                if (difference != 0)
                {
                    return difference;
                }

                a++;
                b++;
            }

            var first = Digits(one, ref a);
            var second = Digits(other, ref b);
            var numbers = first.Length != second.Length ? first.Length - second.Length : first.SequenceCompareTo(second);
            if (numbers != 0)
            {
                return numbers;
            }
        }

        return 0;
    }

    // However long it is: no number of a version is too large to be one.
    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && text[at] == '0')
        {
            at++;
        }

        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text[start..at];
    }

    // A tilde comes before the end, letters before other signs.
    private static int Order(ReadOnlySpan<char> text, int at) => at >= text.Length || char.IsAsciiDigit(text[at]) ? 0 : text[at] switch
    {
        '~' => -1,
        var letter when char.IsAsciiLetter(letter) => letter,
        var other => other + 256,
    };
}
