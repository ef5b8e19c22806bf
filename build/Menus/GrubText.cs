using Dom0Image.Processes;

namespace Dom0Image.Menus;

/// <summary>Writes values into GRUB scripts so that they come out as they went in.</summary>
internal static class GrubText
{
    /// <summary>
    /// A value as one literal word: in single quotes, inside which GRUB's lexer knows no special character. A quote of
    /// the value's own is closed, escaped and opened again.
    /// </summary>
    /// <exception cref="ArgumentException">The value has control characters, which no menu can show.</exception>
    public static string Quote(string value)
        => value.Any(char.IsControl)
            ? throw new ArgumentException($"'{value}' has control characters", nameof(value))
            : ShellWord.Quote(value);

    /// <summary>A value as one word, bare where that reads the same.</summary>
    public static string Word(string value) => ShellWord.IsPlain(value) ? value : Quote(value);

    /// <summary>
    /// Why a word would reach a kernel changed, or null. GRUB's loaders put backslashes before quotes and backslashes,
    /// and quotes around a word with spaces, whatever the script does.
    /// </summary>
    public static string? WhyNotAnOption(string word)
        => word.Length == 0 ? "is empty"
            : word.Any(char.IsControl) ? "has control characters"
            : word.Any(char.IsWhiteSpace) ? "has spaces, but is to be one option"
            : word.Any(c => c is '\'' or '"' or '\\') ? "has quotes or backslashes, which GRUB would not pass on unchanged"
            : null;
}
