using System.Globalization;
using System.Net;
using System.Text;
using Dom0Image.Store;

namespace Dom0Image.Differences;

/// <summary>A difference as one page of HTML that needs nothing else: no script, no picture, no other file. Every word of it that is not ours is escaped.</summary>
internal sealed class DifferencePage
{
    // A browser gets slow with more; all of them are in the JSON.
    private const int MostRows = 5_000;

    private readonly StringBuilder _body = new();
    private readonly StringBuilder _contents = new();

    /// <summary>The whole page.</summary>
    public static string Write(GenerationDifference difference)
    {
        var page = new DifferencePage();
        page.Body(difference);
        var title = $"{difference.From.Id} -> {difference.To.Id}";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Text(title)}</title>
            <style>
            {EmbeddedText.Of("Differences/difference.css")}</style>
            </head>
            <body>
            <h1>{Text(title)}</h1>
            {Side("from", difference.From)}
            {Side("to", difference.To)}
            <nav>{page._contents}</nav>
            {page._body}</body>
            </html>

            """;
    }

    private void Body(GenerationDifference difference)
    {
        if (difference.IsNone)
        {
            _body.Append("<p>No difference.</p>\n");
        }

        foreach (var note in difference.Notes)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Text(note)}</p>\n");
        }

        Section("Packages", Shown.Counts(difference.Packages.Select(package => package.Kind)), difference.Packages, package => Row(
            package.Kind, package.Name, package.Before is { } before && package.After is { } after ? $"{before} -> {after}" : package.Before ?? package.After ?? "", Changelog(package)));
        Section("Settings", "", difference.Settings, setting => Row(
            Kind(setting.Before, setting.After), $"{(setting.Kind is SettingKind.Password ? "password of" : setting.Kind.ToString().ToLowerInvariant())} {setting.Name}", Arrow(setting.Before, setting.After)));
        Section<PathChange>("Files that run as their owner or group", "", [.. difference.Files.Where(file => file.ChangesSetId)], Path);
        Section("Files", Shown.Counts(difference.Files.Select(file => file.Kind)), difference.Files, Path);
        Section("Served by TFTP", Shown.Counts(difference.Served.Select(file => file.Kind)), difference.Served, Path);
        Section("Kernels", "", difference.Kernels, kernel => Row(
            Kind(kernel.Before, kernel.After), kernel.Flavour, kernel.Before == kernel.After ? kernel.After! : Arrow(kernel.Before, kernel.After), Pre(kernel.Options.Select(option => $"CONFIG_{option.Name}  {option.Before} -> {option.After}"))));
        Section<TextChange>("Hypervisor", "", difference.Hypervisor is { } hypervisor ? [hypervisor] : [], change => Row(Kind(change.Before, change.After), "hypervisor", Arrow(change.Before, change.After)));
        Section("Menus", "", difference.Menus, menu => Row(
            ChangeKind.Changed, string.Join(", ", menu.Menus), "", Pre([.. menu.Before.Select(line => $"- {line}"), .. menu.After.Select(line => $"+ {line}")])));
        Section("Sizes", "", difference.Sizes, size => Row(ChangeKind.Changed, size.What, size.Before == size.After ? Shown.Size(size.What, size.After) : $"{Shown.Size(size.What, size.Before)} -> {Shown.Size(size.What, size.After)}"));
    }

    private void Section<T>(string title, string counts, IReadOnlyCollection<T> rows, Func<T, string> row)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var id = title.Replace(' ', '-').ToLowerInvariant();
        _contents.Append(CultureInfo.InvariantCulture, $"<a href=\"#{id}\">{title} {rows.Count:N0}</a>");
        _body.Append(CultureInfo.InvariantCulture, $"<details open id=\"{id}\"><summary><h2>{title}</h2> <span class=\"soft\">{counts}</span></summary>\n<ul>\n");
        foreach (var shown in rows.Take(MostRows))
        {
            _body.Append(row(shown));
        }

        _body.Append("</ul>\n");
        if (rows.Count > MostRows)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">... and {rows.Count - MostRows:N0} more, which are in the JSON.</p>\n");
        }

        _body.Append("</details>\n");
    }

    private static string Path(PathChange change)
        => Row(change.ChangesSetId ? change.After?.IsSetIdFile == true ? ChangeKind.Added : ChangeKind.Removed : change.Kind, change.Path, Shown.Change(change));

    private static string Row(ChangeKind kind, string name, string rest, string more = "")
    {
        var (style, sign) = kind switch
        {
            ChangeKind.Added => ("plus", "+"),
            ChangeKind.Removed => ("minus", "-"),
            _ => ("", ""),
        };
        return $"<li class=\"{style}\"><span class=\"sign\">{sign}</span><bdi class=\"name\">{Text(name)}</bdi><bdi class=\"rest\">{Text(rest)}</bdi>{more}</li>\n";
    }

    private static string Changelog(PackageChange package)
        => package.Changelog.IsEmpty ? "" : $"<details><summary class=\"soft\">what changed</summary>{Pre(package.Changelog)}</details>";

    private static string Pre(IEnumerable<string> lines) => string.Join('\n', lines.Select(Text)) is { Length: > 0 } text ? $"<pre>{text}</pre>" : "";

    private static ChangeKind Kind(string? before, string? after) => before is null ? ChangeKind.Added : after is null ? ChangeKind.Removed : ChangeKind.Changed;

    private static string Arrow(string? before, string? after) => before is not null && after is not null ? $"{before} -> {after}" : before ?? after ?? "";

    private static string Side(string word, ComparedGeneration side)
        => $"<div><span class=\"soft\">{word}</span> <span class=\"name\">{Text(side.Id)}</span> <span class=\"soft\">{Shown.Time(side.Created)}{(side.Published ? ", which hosts boot" : "")}</span></div>";

    private static string Text(string text) => WebUtility.HtmlEncode(Shown.Name(text));
}
