using Cake.Core.Diagnostics;
using Cake.Frosting;
using Dom0Image.Recipes;

namespace Dom0Image.Tasks;

/// <summary>Writes the JSON Schemas of recipes and sites anew; for those who change the model.</summary>
[TaskName("Schemas")]
[TaskDescription("Writes recipes/schemas anew from the model that recipes are read by.")]
public sealed class SchemasTask : FrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override void Run(BuildContext context)
    {
        var changed = SchemaWriter.WriteTo(Path.Combine(context.Repository, "recipes", "schemas"));
        context.Log.Information(changed.Count == 0 ? "the schemas are current" : $"written: {string.Join(", ", changed)}");
    }
}
