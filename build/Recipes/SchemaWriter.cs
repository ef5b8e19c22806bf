using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dom0Image.Recipes;

/// <summary>Writes the JSON Schemas that editors complete recipes and sites with, from the model that the readers use.</summary>
internal static class SchemaWriter
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The schemas: file name and text.</summary>
    public static IReadOnlyDictionary<string, string> Schemas => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["recipe.schema.json"] = Text("Recipe", "What a Dom0Image image is made of.", RecipeModel.For("recipe").Schema()),
        ["site.schema.json"] = Text("Site", "Where a Dom0Image image is served, and to whom.", SiteModel.For("site").Schema()),
    };

    private static string Text(string title, string description, JsonObject body)
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title, ["description"] = description };
        foreach (var (name, part) in body)
        {
            schema[name] = part?.DeepClone();
        }

        return schema.ToJsonString(Format) + "\n";
    }
}
