namespace Dom0Image.Processes;

/// <summary>Words as POSIX shells read them, and GRUB's lexer, too.</summary>
internal static class ShellWord
{
    /// <summary>
    /// A word that comes out as it went in: in single quotes, inside which nothing is special. A quote of its own is closed,
    /// escaped and opened again.
    /// </summary>
    public static string Quote(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>The word bare where that reads the same, else quoted.</summary>
    public static string Of(string word) => IsPlain(word) ? word : Quote(word);

    /// <summary>Whether it reads the same without quotes.</summary>
    public static bool IsPlain(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_=+:,./@%".Contains(c));
}
