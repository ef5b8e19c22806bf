using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Dom0Image.Benchmarks;

/// <summary>
/// <c>bench/RESULTS.md</c>: a head, and a section for each benchmark. A run that measured some of them replaces their
/// sections and keeps the others, which say themselves when they were made.
/// </summary>
internal static class ResultsPage
{
    private const string Heading = "## ";

    /// <summary>The page's text.</summary>
    /// <param name="existing">The page so far; empty when there is none.</param>
    /// <param name="order">Titles of all sections, in their order.</param>
    /// <param name="fresh">Sections to put in, each a text that starts with its title.</param>
    public static string Merge(string existing, IEnumerable<string> order, IReadOnlyDictionary<string, string> fresh)
    {
        var old = Sections(existing);
        var sections = order.Select(title => fresh.GetValueOrDefault(title) ?? old.GetValueOrDefault(title)).OfType<string>();
        return string.Join('\n', [Head, .. sections]);
    }

    /// <summary>The text of one section.</summary>
    /// <param name="section">What was found.</param>
    /// <param name="when">When it was measured.</param>
    /// <param name="load">Load average of the machine just before.</param>
    /// <param name="took">How long the benchmark took.</param>
    public static string Render(BenchSection section, DateTimeOffset when, double load, TimeSpan took) => Text(
    [
        Heading + section.Title,
        "",
        string.Create(CultureInfo.InvariantCulture, $"{when:yyyy-MM-dd HH:mm} UTC, {took.TotalMinutes:F0} min; load average before it {load:F2}. {Machine()}"),
        .. section.Versions.IsEmpty ? (string[])[] : ["", $"With {string.Join(", ", section.Versions)}."],
        .. section.About.SelectMany(paragraph => (string[])["", paragraph]),
        .. section.Comparisons.IsEmpty ? (string[])[] : ["", "| | figure | target | |", "| --- | --- | --- | --- |", .. section.Comparisons.Select(c => c.ToMarkdown())],
        .. section.Table.IsEmpty ? (string[])[] : ["", .. section.Table],
        .. section.Commands.IsEmpty ? (string[])[] : ["", "Commands:", "", "```", .. section.Commands.Select(c => $"# {c.Name}\n{c.Command}"), "```"],
    ]);

    /// <summary>The text of a section that could not be measured.</summary>
    public static string Failed(string title, string reason) => Text([Heading + title, "", $"**Not measured**: {reason}"]);

    private static string Head => Text(
    [
        "# Benchmark results",
        "",
        "Made by `./build.sh --target=Bench`, or `--filter=NAME,...` for some of its parts; not to be edited by hand. Both",
        "sides of each ratio are measured in the same run, by turns, on the same machine; what counts are the medians. In",
        "the commands MIRROR stands for the host's own mirror, SCRATCH for a directory that is thrown away, STORE for the",
        "store that the run was given.",
    ]);

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static ImmutableDictionary<string, string> Sections(string page)
        => page.Split('\n' + Heading).Skip(1)
            .Select(text => Heading + text.TrimEnd('\n') + "\n")
            .ToImmutableDictionary(text => text[Heading.Length..text.IndexOf('\n', StringComparison.Ordinal)]);

    private static string Machine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {Kibibytes() / 1024.0 / 1024:F0} GiB, {Distribution()}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.FrameworkDescription}.");

    private static string Distribution() => Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"');

    private static long Kibibytes() => long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string Field(string file, string name, char separator = ':')
        => File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim() ?? "unknown";
}
