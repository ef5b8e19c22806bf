using System.Text.RegularExpressions;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Documentation;

/// <summary>The page for those who change the pipeline. A row says what one wants, and then names places, each with what is looked for in it.</summary>
internal sealed class ChangingSpecs
{
    private static readonly Page Changing = new("docs/changing.md");

    private static IEnumerable<TestCaseData> Rows =>
        from line in Changing.Lines
        where line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal) && !line.StartsWith("| to change, or add |", StringComparison.Ordinal)
        let cells = line.Split('|')
        select new TestCaseData(cells[2]).SetArgDisplayNames(cells[1].Trim());

    [Test]
    public void I_am_told_of_what_people_ask_for_most()
        => Assert.That(Rows.Count(), Is.GreaterThanOrEqualTo(20));

    [TestCaseSource(nameof(Rows))]
    public void I_find_what_I_want_to_change_where_the_page_says_it_is(string there)
    {
        var named = Page.CodeIn(there).ToList();
        var wrong = new List<string>();
        string? place = null;
        foreach (var name in named)
        {
            if (name.Contains('/') || File.Exists(Path.Combine(Checkout.Root, name)))
            {
                place = name;
                wrong.AddRange(Path.Exists(Path.Combine(Checkout.Root, place)) ? [] : [$"{place} is not there"]);
            }
            else if (place is null || !Tells(Path.Combine(Checkout.Root, place), name))
            {
                wrong.Add($"{name} is not in {place ?? "any place"}");
            }
        }

        Assert.That(place, Is.Not.Null, "a row names a place");
        Assert.That(wrong, Is.Empty);
    }

    // Of code, what is declared there: that it is used somewhere helps nobody.
    private static bool Tells(string file, string name) => File.Exists(file) && (Path.GetExtension(file) == ".cs"
        ? File.ReadLines(file).Any(line => Regex.IsMatch(line, Declaration(name)))
        : File.ReadAllText(file).Contains(name, StringComparison.Ordinal));

    private static string Declaration(string name)
        => $@"^\s*(((public|private|protected|internal|static|sealed|abstract|readonly|const|partial|override|virtual|async|required)\s+)+(\([^()]*\)|[^=;({{:])*\b{Regex.Escape(name)}\b|{Regex.Escape(name)}[,;]?$)";
}
