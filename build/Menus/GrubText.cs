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
}
