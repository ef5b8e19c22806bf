using Cake.Core.Diagnostics;
using Cake.Frosting;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;

namespace Dom0Image.Tasks;

/// <summary>Writes the JSON Schemas of recipes and sites, and the page of their keys, anew; for those who change the model.</summary>
[TaskName("Schemas")]
[TaskDescription("Writes recipes/schemas and docs/recipes-and-sites.md anew from the model that recipes are read by.")]
public sealed class SchemasTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
    {
        (string Place, string Text)[] files = [.. SchemaWriter.Schemas.Select(schema => ($"recipes/schemas/{schema.Key}", schema.Value)), (KeyPageWriter.Place, KeyPageWriter.Page)];
        string[] changed = [.. files.Where(file => Write(Path.Combine(context.Repository, file.Place), file.Text)).Select(file => file.Place)];
        context.Log.Information(changed.Length == 0 ? "the schemas and the page of keys are current" : $"written: {string.Join(", ", changed)}");
        return Task.CompletedTask;
    }

    private static bool Write(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return true;
    }
}
