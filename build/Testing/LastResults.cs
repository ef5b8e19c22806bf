namespace Dom0Image.Testing;

/// <summary>A page with the last result of each part of what is not run every day.</summary>
internal static class LastResults
{
    /// <summary>Puts a new result into a page of the checkout, which need not be there yet.</summary>
    /// <param name="page">Its path.</param>
    /// <param name="with">The page with it, of the page so far.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task UpdateAsync(string page, Func<string, string> with, CancellationToken cancellation)
        => await File.WriteAllTextAsync(page, with(File.Exists(page) ? await File.ReadAllTextAsync(page, cancellation).ConfigureAwait(false) : ""), cancellation).ConfigureAwait(false);

    /// <summary>The page with a new result of one part; the others keep theirs.</summary>
    /// <param name="existing">The page so far; empty when there is none.</param>
    /// <param name="head">What stands above the table.</param>
    /// <param name="columns">The first is the part's name, the second what it is about, the others its result.</param>
    /// <param name="parts">All parts, in their order. Their words may change; what was found does not.</param>
    /// <param name="found">The part that was run, and the cells of its result with <c> | </c> between.</param>
    public static string With(string existing, IEnumerable<string> head, string[] columns, IEnumerable<(string Name, string About)> parts, (string Name, string Result) found)
    {
        var old = existing.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal)).ToDictionary(row => row.Split('`')[1], row => string.Join(" | ", row.Split(" | ")[2..]));
        var never = $"not run yet{string.Concat(Enumerable.Repeat(" |", columns.Length - 3))} |";
        return string.Join('\n',
        [
            .. head,
            "",
            $"| {string.Join(" | ", columns)} |",
            $"|{string.Concat(Enumerable.Repeat(" --- |", columns.Length))}",
            .. parts.Select(part => $"| `{part.Name}` | {part.About} | {(part.Name == found.Name ? $"{found.Result} |" : old.GetValueOrDefault(part.Name) ?? never)}"),
            "",
        ]);
    }
}
