using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Documentation;

/// <summary>A page for people: the README, or one below <c>docs</c>.</summary>
/// <param name="Place">Where it is in the repository.</param>
internal sealed partial record Page(string Place)
{
    private ImmutableArray<string> _lines;

    /// <summary>The README first, then the others by name.</summary>
    public static ImmutableArray<Page> All =>
    [
        new("README.md"),
        .. Directory.EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md").Select(file => new Page($"docs/{Path.GetFileName(file)}")).OrderBy(p => p.Place, StringComparer.Ordinal),
    ];

    public ImmutableArray<string> Lines => _lines.IsDefault ? _lines = [.. File.ReadLines(Path.Combine(Checkout.Root, Place))] : _lines;

    /// <summary>What is not shown as it is typed.</summary>
    public IEnumerable<string> Prose => Lines.Where(line => !line.StartsWith("    ", StringComparison.Ordinal));

    /// <summary>What its links lead to, as it is written there.</summary>
    public IEnumerable<string> Links => Prose.SelectMany(line => Link().Matches(CodeSpan().Replace(line, "")).Select(m => m.Groups["to"].Value));

    /// <summary>What is shown as it is typed: spans in a line, and lines that stand by themselves.</summary>
    public IEnumerable<string> Code
        => Prose.SelectMany(CodeIn).Concat(Lines.Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line.Trim()));

    /// <summary>What a link to one of its headings has behind the <c>#</c>, as GitHub makes it.</summary>
    public IEnumerable<string> Anchors
    {
        get
        {
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var heading in Prose.Where(line => Heading().IsMatch(line)))
            {
                var name = AnchorOf(Heading().Replace(heading, ""));
                seen[name] = seen.GetValueOrDefault(name) + 1;
                yield return seen[name] == 1 ? name : $"{name}-{seen[name] - 1}";
            }
        }
    }

    /// <summary>The spans of code in a line.</summary>
    public static IEnumerable<string> CodeIn(string line) => CodeSpan().Matches(line).Select(m => m.Groups["code"].Value);

    public override string ToString() => Place;

    private static string AnchorOf(string heading)
        => heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')
            .Aggregate(new StringBuilder(), (text, c) => text.Append(c == ' ' ? '-' : c)).ToString();

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();
}
