using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>
/// What may stand at a place of a recipe. The strict reader and the JSON Schema both come from it, so that the two cannot
/// say different things.
/// </summary>
internal abstract class Shape
{
    /// <summary>What is right here, for messages: <c>"a list of package names"</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>The same in full, as Markdown, for the page of keys.</summary>
    public virtual string Written => Expected;

    /// <summary>The mapping with known keys that stands here, or in each item or entry of what stands here; null where there is none.</summary>
    /// <param name="place">Where this is, such as <c>hosts</c>.</param>
    public virtual KeyTable? Keys(string place) => null;

    /// <summary>The shape as JSON Schema (draft 2020-12), without a description.</summary>
    public abstract JsonObject Schema();

    /// <summary>Tells that a node is of the wrong kind or that nothing was written.</summary>
    protected void ReportKind(YamlNode node, string path, ProblemList problems)
    {
        if (node is YamlScalar { Broken: true })
        {
            return;
        }

        var nothing = node is YamlScalar { IsNothing: true };
        var place = path.Length == 0 ? "the file" : $"'{path}'";
        problems.Add(new Diagnostic(nothing ? $"the value of {place} is missing" : $"{place} is {node.Described}") { Where = node.Where, Expected = Expected });
    }
}

/// <summary>A shape that is read as a <typeparamref name="T"/>.</summary>
internal abstract class Shape<T> : Shape
{
    /// <summary>Reads a node. False when there is no value to go on with; what is wrong is in <paramref name="problems"/>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="path">Its keys from the top, such as <c>hosts.post01.mac</c>.</param>
    /// <param name="problems">Takes everything that is wrong.</param>
    /// <param name="value">The value.</param>
    public abstract bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out T value);
}
