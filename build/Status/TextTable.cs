using System.Text;

namespace Dom0Image.Status;

/// <summary>Columns and paragraphs that fit a terminal of 100 columns.</summary>
internal static class TextTable
{
    private const int Width = 100;
    private const int Gap = 2;
    private const int Narrowest = 6;

    /// <summary>Writes rows below each other; the first one names the columns. Where they do not fit, the widest are broken into several lines.</summary>
    public static void Write(StringBuilder text, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        while (widths.Sum() + (Gap * widths.Length) > Width && widths.Max() > Narrowest)
        {
            widths[Array.IndexOf(widths, widths.Max())]--;
        }

        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => Broken(cell, Math.Max(1, widths[column]))).ToArray();
            for (var line = 0; line < cells.Max(cell => cell.Count); line++)
            {
                text.Append(string.Concat(cells.Select((cell, column) => new string(' ', Gap) + (line < cell.Count ? cell[line] : "").PadRight(widths[column]))).TrimEnd()).Append('\n');
            }
        }
    }

    /// <summary>Writes a paragraph; its further lines stand below the text behind its start.</summary>
    public static void Wrapped(StringBuilder text, string start, string words)
    {
        foreach (var (number, line) in Broken(words, Width - start.Length).Index())
        {
            text.Append(number == 0 ? start : new string(' ', start.Length)).Append(line).Append('\n');
        }
    }

    /// <summary>Writes a command; one that is too long goes on behind a backslash, as a shell takes it.</summary>
    public static void Command(StringBuilder text, string start, string command)
    {
        const string More = " \\";
        var lines = Broken(command, Width - start.Length - More.Length);
        foreach (var (number, line) in lines.Index())
        {
            text.Append(number == 0 ? start : new string(' ', start.Length)).Append(line).Append(number < lines.Count - 1 ? More : "").Append('\n');
        }
    }

    private static List<string> Broken(string text, int width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in text.Split(' ').SelectMany(word => word.Length == 0 ? [""] : word.Chunk(width).Select(chunk => new string(chunk))))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            _ = line.Length > 0 ? line.Append(' ').Append(word) : line.Append(word);
        }

        lines.Add(line.ToString());
        return lines;
    }
}
