using System.Reflection;
using System.Text.RegularExpressions;
using Cake.Frosting;
using Dom0Image.CommandLine;
using Dom0Image.Pipeline;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Documentation;

/// <summary>What a person reads, and follows.</summary>
internal sealed partial class PageSpecs
{
    // Two commands, where things appear, one picture and the how-tos: what is longer has a page of its own.
    private const int LinesOfReadme = 180;

    private static IEnumerable<string> Places => Page.All.Select(page => page.Place);

    [Test]
    public void I_have_read_the_readme_in_a_few_minutes()
    {
        var lines = new Page("README.md").Lines;

        Assert.That(lines, Has.Length.AtMost(LinesOfReadme), "what its reader does first; the rest belongs to docs/");
    }

    [Test]
    public void I_find_every_page_from_the_readme()
    {
        var readme = new Page("README.md").Links.Select(link => link.Split('#')[0]).ToHashSet();

        Assert.That(Places.Where(place => place != "README.md" && !readme.Contains(place)), Is.Empty);
    }

    [TestCaseSource(nameof(Places))]
    public void I_get_somewhere_by_every_link(string place)
    {
        var page = new Page(place);
        var nowhere = page.Links.Where(link => !link.Contains("://", StringComparison.Ordinal) && !LeadsSomewhere(page, link)).ToList();

        Assert.That(nowhere, Is.Empty);
    }

    [TestCaseSource(nameof(Places))]
    public void I_can_type_every_target_and_option_that_a_page_names(string place)
    {
        var page = new Page(place);
        var commands = page.Code.Where(code => code.StartsWith("./build.sh", StringComparison.Ordinal) || code.StartsWith("--", StringComparison.Ordinal)).ToList();
        var options = OptionTable.Options.Select(o => o.Name).Concat(OptionTable.CakeOptions).ToHashSet();
        var targets = typeof(BuildContext).Assembly.GetTypes().Select(t => t.GetCustomAttribute<TaskNameAttribute>()?.Name).OfType<string>().ToHashSet();

        Assert.Multiple(() =>
        {
            Assert.That(commands.SelectMany(c => Option().Matches(c)).Select(m => m.Groups["name"].Value).Where(name => !options.Contains(name)), Is.Empty);
            Assert.That(commands.SelectMany(c => Target().Matches(c)).Select(m => m.Groups["name"].Value).Where(name => !targets.Contains(name)), Is.Empty);
        });
    }

    private static bool LeadsSomewhere(Page from, string link)
    {
        var parts = link.Split('#', 2);
        var place = parts[0].Length == 0 ? from.Place : Path.GetRelativePath(Checkout.Root, Path.GetFullPath(parts[0], Path.GetDirectoryName(Path.Combine(Checkout.Root, from.Place))!));
        return Path.Exists(Path.Combine(Checkout.Root, place)) && (parts.Length == 1 || new Page(place).Anchors.Contains(parts[1]));
    }

    [GeneratedRegex("(?<= |^)--(?<name>[a-z][a-z-]*)")]
    private static partial Regex Option();

    [GeneratedRegex("--target=(?<name>[A-Za-z]+)")]
    private static partial Regex Target();
}
