using Dom0Image.Recipes.Model;

namespace Dom0Image.Recipes;

/// <summary>Writes the page of all keys of recipes and sites, from the model that the readers use.</summary>
internal static class KeyPageWriter
{
    /// <summary>The page's place in the repository.</summary>
    public const string Place = "docs/recipes-and-sites.md";

    private const string DefaultMark = " Default: ";

    public static string Page => string.Join('\n',
    [
        "# Recipes and sites: all keys",
        "",
        "Written by `./build.sh --target=Schemas`, from what recipes and sites are read by; not to be edited by hand.",
        "",
        "A place with `NAME` is below a name that you choose, one with `[]` in each item of a list: `hosts.NAME.mac` is",
        "",
        "    hosts:",
        "      post01:",
        "        mac: \"52:54:00:00:01:01\"",
        "",
        "Both kinds of file are read strictly. A key that is not here is an error, and so is a value that does not fit; all errors are told at",
        "once, with file, line and column. What must hold between keys is told in the same way, also where this page does not say it.",
        "Editors complete keys and values by `recipes/schemas/`, which are made from the same model. A key whose default is `none` may be left out.",
        "",
        .. Part("A recipe", "What an image is made of: `recipes/NAME.yaml`. The name of the file is the recipe's.", RecipeModel.For("recipe").Keys("")),
        .. Part("A site", "Where an image is served, and to whom: `recipes/sites/NAME.yaml`. The name of the file is the site's.", SiteModel.For("site").Keys("")),
    ]);

    private static IEnumerable<string> Part(string title, string about, KeyTable top)
        => [$"## {title}", "", about, "", .. Table(top), .. top.Below.SelectMany(table => (string[])[$"### `{table.Place}`", "", .. Table(table)])];

    private static IEnumerable<string> Table(KeyTable table)
    {
        string[] notes =
        [
            .. table.Rules.Select(rule => rule.Written).OfType<string>(),
            .. table.Refused.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"`{r.Key}` is refused. {r.Value}"),
        ];
        return
        [
            "| key | what it says | what may stand there | default |",
            "| --- | --- | --- | --- |",
            .. table.Fields.Select(field => Row(table, field)),
            "",
            .. notes.Select(note => $"- {note}"),
            .. notes.Length > 0 ? [""] : Array.Empty<string>(),
        ];
    }

    private static string Row(KeyTable table, Field field)
    {
        var (what, fallback) = field.Description.LastIndexOf(DefaultMark, StringComparison.Ordinal) is > 0 and var at
            ? (field.Description[..at], field.Description[(at + DefaultMark.Length)..].TrimEnd('.'))
            : (field.Description, "");
        var keys = field.Value.Keys(table.PlaceOf(field)) is { } below ? $" ([its keys](#{Anchor(below.Place)}))" : "";
        var leftOut = field.Required ? "**required**" : fallback.Length > 0 ? fallback : "none";
        return $"| `{table.PlaceOf(field)}` | {Cell(what)} | {Cell(field.Value.Written)}{keys} | {Cell(leftOut)} |";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    // As a heading's is made: in lower case, without dots and brackets.
    private static string Anchor(string place) => string.Concat(place.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-'));
}
