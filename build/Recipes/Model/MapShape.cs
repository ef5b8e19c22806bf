using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>Things by name: a mapping whose keys are the names. Keeps the order of the file.</summary>
/// <param name="noun">What it holds: <c>"hosts by name"</c>.</param>
/// <param name="key">What a name looks like.</param>
/// <param name="value">What stands under a name.</param>
/// <param name="read">Reads what stands under a name that could be read, or not, as <see cref="Shape{T}.TryRead"/> does.</param>
/// <param name="least">The least number of entries.</param>
internal sealed class MapShape<T>(string noun, Shape<string> key, Shape value, MapShape<T>.ReadEntry read, int least = 0) : Shape<ImmutableArray<T>>
{
    /// <summary>A mapping of names to mappings.</summary>
    public MapShape(string noun, Shape<string> key, ObjectShape<T> value, int least = 0)
        : this(noun, key, value, value.TryRead, least)
    {
    }

    /// <summary>Reads one entry.</summary>
    public delegate bool ReadEntry(YamlNode node, string path, YamlScalar name, ProblemList problems, [MaybeNullWhen(false)] out T value);

    /// <inheritdoc/>
    public override string Expected => least == 0 ? $"a mapping: {noun}" : $"a mapping with at least one entry: {noun}";

    /// <inheritdoc/>
    public override string Written => $"{Expected}; each NAME is {key.Written}, its value {value.Written}";

    /// <inheritdoc/>
    public override KeyTable? Keys(string place) => value.Keys($"{place}.NAME");

    /// <summary>A mapping of names to single values.</summary>
    /// <param name="noun">What it holds.</param>
    /// <param name="key">What a name looks like.</param>
    /// <param name="value">What stands under a name.</param>
    /// <param name="build">Makes an entry of both, and of the place of the name.</param>
    public static MapShape<T> OfTexts(string noun, Shape<string> key, Shape<string> value, Func<string, string, SourceLocation, T> build)
        => new(noun, key, value, (YamlNode node, string path, YamlScalar name, ProblemList problems, [MaybeNullWhen(false)] out T entry) =>
        {
            var read = value.TryRead(node, path, problems, out var text);
            entry = read ? build(name.Text, text!, name.Where) : default;
            return read;
        });

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out ImmutableArray<T> value)
    {
        value = [];
        if (node is not YamlMap map)
        {
            ReportKind(node, path, problems);
            return false;
        }

        if (map.Entries.Length < least)
        {
            problems.Add(new Diagnostic($"'{path}' is empty") { Where = map.Where, Expected = Expected });
        }

        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var entry in map.Entries)
        {
            var named = key.TryRead(entry.Key, path, problems, out _);
            if (read(entry.Value, $"{path}.{entry.Key.Text}", entry.Key, problems, out var one) && named)
            {
                values.Add(one);
            }
        }

        value = values.DrainToImmutable();
        return true;
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var names = key.Schema();
        names.Remove("type");
        names.Remove("examples");
        var schema = new JsonObject { ["type"] = "object", ["propertyNames"] = names, ["additionalProperties"] = value.Schema() };
        if (least > 0)
        {
            schema["minProperties"] = least;
        }

        return schema;
    }
}
