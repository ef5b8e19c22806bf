using System.Globalization;
using System.Text;

namespace Dom0Image.BootLab.Channel;

/// <summary>
/// Text of a client as it may stand on a terminal and in a report: what would move a cursor, colour or hide something is
/// spelled out. Line ends and tabs stay.
/// </summary>
internal static class PlainText
{
    /// <summary>The text, with <c>\x1b</c> and the like in place of what cannot be printed.</summary>
    public static string Of(string text)
    {
        if (!text.AsEnumerable().Any(IsSpelled))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (IsSpelled(c))
            {
                plain.Append(CultureInfo.InvariantCulture, $"{(c < 0x100 ? "\\x" : "\\u")}{(int)c:x2}");
            }
            else
            {
                plain.Append(c);
            }
        }

        return plain.ToString();
    }

    // Cf holds the marks that turn the direction of writing.
    private static bool IsSpelled(char c)
        => c is not ('\n' or '\t') && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
