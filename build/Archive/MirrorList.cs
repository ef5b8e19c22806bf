using System.Globalization;

namespace Dom0Image.Archive;

/// <summary>A file of mirrors that apt's sources name as <c>mirror+file:/path</c>, as in Debian's images for clouds; see apt-transport-mirror(1).</summary>
internal static class MirrorList
{
    private const string Scheme = "mirror+file:";
    private const string Priority = "priority:";

    /// <summary>The mirror that apt would try first, of those that have all types of files.</summary>
    /// <param name="uri">As a source names it.</param>
    /// <returns>Its address; null when the source is no such list, or the list names none.</returns>
    public static string? First(string uri)
    {
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        // mirror+file:/path and mirror+file:///path mean the same. Apt hands it on with a slash at its end.
        var file = "/" + uri[Scheme.Length..].Trim('/');
        return File.Exists(file)
            ? File.ReadLines(file)
                .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length > 0 && !words[0].StartsWith('#') && !words.Any(word => word.StartsWith("type:", StringComparison.Ordinal)))
                .OrderBy(PriorityOf)
                .Select(words => words[0])
                .FirstOrDefault()
            : null;
    }

    private static int PriorityOf(string[] words)
        => words.FirstOrDefault(word => word.StartsWith(Priority, StringComparison.Ordinal)) is { } said
            && int.TryParse(said[Priority.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
            ? priority
            : int.MaxValue;
}
