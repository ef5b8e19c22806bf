using System.Text.Json.Nodes;
using Dom0Image.Recipes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Documentation;

/// <summary>The page of all keys of recipes and sites.</summary>
internal sealed class KeyPageSpecs
{
    [Test]
    public void I_read_of_the_keys_that_are_taken_today()
        => Assert.That(File.ReadAllText(Path.Combine(Checkout.Root, KeyPageWriter.Place)), Is.EqualTo(KeyPageWriter.Page), $"{KeyPageWriter.Place} is out of date: run ./build.sh --target=Schemas");

    [TestCase("recipe.schema.json", "## A recipe")]
    [TestCase("site.schema.json", "## A site")]
    public void I_find_every_key_that_my_editor_offers(string schema, string heading)
    {
        var part = KeyPageWriter.Page.Split("\n## ").Single(p => $"## {p}".StartsWith($"{heading}\n", StringComparison.Ordinal));
        var offered = Keys(JsonNode.Parse(SchemaWriter.Schemas[schema])!, "").ToList();
        var rows = part.Split('\n').Where(row => row.StartsWith("| `", StringComparison.Ordinal)).Select(row => row.Split('`')[1]);

        Assert.That(offered, Has.Count.GreaterThan(20));
        Assert.That(rows, Is.EquivalentTo(offered));
    }

    [Test]
    public void I_see_which_keys_must_be_there_what_holds_where_one_is_not_and_what_excludes_what()
    {
        Assert.That(KeyPageWriter.Page, Does.Match("\\| `boot-server` \\|.*\\| \\*\\*required\\*\\* \\|\n"));
        Assert.That(KeyPageWriter.Page, Does.Match("\\| `init` \\|.*one of `sysvinit`, `systemd` \\| sysvinit \\|\n"));
        Assert.That(KeyPageWriter.Page, Does.Match("\\| `hosts.NAME.flavour` \\|.*\\| none \\|\n"));
        Assert.That(KeyPageWriter.Page, Does.Contain("- Where `kind` is `symlink`: `target` is needed"));
    }

    // As a reader of the schema sees them, who knows nothing of the model.
    private static IEnumerable<string> Keys(JsonNode schema, string place)
    {
        foreach (var (key, value) in (schema["properties"] as JsonObject) ?? [])
        {
            var own = place.Length == 0 ? key : $"{place}.{key}";
            yield return own;
            foreach (var inner in Keys(value!, own))
            {
                yield return inner;
            }
        }

        foreach (var (part, below) in new[] { ("items", "[]"), ("additionalProperties", ".NAME") })
        {
            foreach (var inner in schema[part] is JsonObject entry ? Keys(entry, place + below) : [])
            {
                yield return inner;
            }
        }
    }
}
