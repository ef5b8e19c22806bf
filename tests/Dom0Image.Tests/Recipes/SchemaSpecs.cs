using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dom0Image.Recipes;
using Json.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dom0Image.Tests.Recipes;

/// <summary>The schemas that editors use say the same as the reader.</summary>
internal sealed class SchemaSpecs
{
    private static readonly JsonSchema RecipeSchema = JsonSchema.FromText(SchemaWriter.Schemas["recipe.schema.json"]);
    private static readonly JsonSchema SiteSchema = JsonSchema.FromText(SchemaWriter.Schemas["site.schema.json"]);

    private static IEnumerable<TestCaseData> Bad =>
        BadRecipes.InRecipe.Where(c => c.SchemaTells).Select(c => Case(c.Piece, c.Bad, true)).Concat(
        BadRecipes.InSite.Where(c => c.SchemaTells).Select(c => Case(c.Piece, c.Bad, false)));

    [Test]
    public void I_get_no_complaint_from_my_editor_about_a_right_recipe_or_site()
    {
        Assert.That(Accepts(RecipeSchema, Json(BadRecipes.Recipe)), Is.True);
        Assert.That(Accepts(SiteSchema, Json(BadRecipes.Site)), Is.True);
    }

    [TestCaseSource(nameof(Bad))]
    public void I_get_told_by_my_editor_of_what_the_reader_would_refuse(string piece, string bad, bool inRecipe)
    {
        var text = inRecipe ? BadRecipes.Recipe : BadRecipes.Site;
        var at = text.IndexOf(piece, StringComparison.Ordinal);
        var value = Json(text[..at] + bad + text[(at + piece.Length)..]);

        Assert.That(Accepts(inRecipe ? RecipeSchema : SiteSchema, value), Is.False);
    }

    [TestCaseSource(typeof(ShippedRecipeSpecs), nameof(ShippedRecipeSpecs.RecipeFiles))]
    public void I_get_no_complaint_from_my_editor_about_a_recipe_that_is_shipped(string name)
        => Assert.That(Accepts(RecipeSchema, Json(File.ReadAllText(Path.Combine(ShippedRecipeSpecs.Recipes, name)))), Is.True);

    [TestCaseSource(typeof(ShippedRecipeSpecs), nameof(ShippedRecipeSpecs.SiteFiles))]
    public void I_get_no_complaint_from_my_editor_about_a_site_that_is_shipped(string name)
        => Assert.That(Accepts(SiteSchema, Json(File.ReadAllText(Path.Combine(ShippedRecipeSpecs.Recipes, "sites", name)))), Is.True);

    [Test]
    public void I_can_trust_the_examples()
    {
        foreach (var schema in SchemaWriter.Schemas.Values.SelectMany(text => Below(JsonNode.Parse(text))).OfType<JsonObject>().Where(s => s["examples"] is JsonArray))
        {
            var built = JsonSchema.FromText(schema.ToJsonString());
            Assert.That(schema["examples"]!.AsArray().All(example => Accepts(built, example)), Is.True, schema.ToJsonString());
        }
    }

    private static bool Accepts(JsonSchema schema, JsonNode? value) => schema.Evaluate(JsonSerializer.SerializeToElement(value)).IsValid;

    private static TestCaseData Case(string piece, string bad, bool inRecipe) => new TestCaseData(piece, bad, inRecipe).SetArgDisplayNames(bad);

    private static IEnumerable<JsonNode> Below(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => Below(p.Value)).Prepend(map),
        JsonArray list => list.SelectMany(Below).Prepend(list),
        _ => [],
    };

    private static JsonNode? Json(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Json(stream.Documents[0].RootNode);
    }

    // As editors do, by the core rules of YAML 1.2.
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: not ScalarStyle.Plain } quoted => quoted.Value,
        YamlScalarNode { Value: "" or "~" or "null" } => null,
        YamlScalarNode { Value: "true" or "false" } boolean => boolean.Value == "true",
        YamlScalarNode plain => long.TryParse(plain.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : plain.Value,
        _ => throw new InvalidOperationException("an unknown node"),
    };
}
