using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>A mapping of names to single values. Keeps the order of the file.</summary>
/// <param name="noun">What it holds: <c>"services with the reason"</c>.</param>
/// <param name="key">What a name looks like.</param>
/// <param name="value">What stands under a name.</param>
/// <param name="build">Makes an entry of both, and of the place of the name.</param>
internal sealed class NamedTextsShape<T>(string noun, ScalarShape<string> key, ScalarShape<string> value, Func<string, string, SourceLocation, T> build) : Shape<ImmutableArray<T>>
{
    /// <inheritdoc/>
    public override string Expected => $"a mapping: {noun}";

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out ImmutableArray<T> read)
    {
        read = [];
        if (node is not YamlMap map)
        {
            ReportKind(node, path, problems);
            return false;
        }

        var entries = ImmutableArray.CreateBuilder<T>();
        foreach (var entry in map.Entries)
        {
            var named = key.TryRead(entry.Key, path, problems, out var name);
            if (value.TryRead(entry.Value, $"{path}.{entry.Key.Text}", problems, out var text) && named)
            {
                entries.Add(build(name!, text, entry.Key.Where));
            }
        }

        read = entries.DrainToImmutable();
        return true;
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var names = key.Schema();
        names.Remove("type");
        names.Remove("examples");
        return new JsonObject { ["type"] = "object", ["propertyNames"] = names, ["additionalProperties"] = value.Schema() };
    }
}
