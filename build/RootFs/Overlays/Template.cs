using System.Text;
using Dom0Image.Diagnostics;

namespace Dom0Image.RootFs.Overlays;

/// <summary>Text with placeholders such as <c>{{ site.boot-server }}</c>; there is nothing else to it: no conditions, no loops.</summary>
internal static class Template
{
    private const string Open = "{{";
    private const string Close = "}}";

    /// <summary>Puts the values in.</summary>
    /// <param name="text">The template.</param>
    /// <param name="file">Its path as a user would type it, for messages.</param>
    /// <param name="values">What the placeholders stand for.</param>
    /// <exception cref="BuildFailedException">Placeholders that are unknown or not closed, all of them in one go.</exception>
    public static string Render(string text, string file, TemplateValues values)
    {
        var result = new StringBuilder();
        var problems = new List<Diagnostic>();
        var position = 0;
        for (var open = text.IndexOf(Open, StringComparison.Ordinal); open >= 0; open = text.IndexOf(Open, position, StringComparison.Ordinal))
        {
            result.Append(text, position, open - position);
            var lineEnd = text.IndexOf('\n', open) is >= 0 and var end ? end : text.Length;
            var close = text.IndexOf(Close, open, lineEnd - open, StringComparison.Ordinal);
            if (close < 0)
            {
                problems.Add(new Diagnostic("a placeholder is not closed") { Where = Locate(text, open, file), Expected = "'}}' on the same line" });
                position = open + Open.Length;
                continue;
            }

            var name = text[(open + Open.Length)..close].Trim();
            if (values.Values.TryGetValue(name, out var value))
            {
                result.Append(value);
            }
            else
            {
                problems.Add(Unknown(name, Locate(text, open, file), values));
            }

            position = close + Close.Length;
        }

        return problems.Count > 0 ? throw new BuildFailedException(problems) : result.Append(text, position, text.Length - position).ToString();
    }

    private static Diagnostic Unknown(string name, SourceLocation where, TemplateValues values) => new($"unknown placeholder '{name}'")
    {
        Where = where,
        Expected = $"one of {string.Join(", ", values.Values.Keys)}",
        Hint = Nearest.Hint(name, values.Values.Keys),
    };

    private static SourceLocation Locate(string text, int position, string file)
    {
        var before = text.AsSpan(0, position);
        return new SourceLocation(file, before.Count('\n') + 1, position - before.LastIndexOf('\n'));
    }
}
