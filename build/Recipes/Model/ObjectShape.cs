using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>A mapping with known keys.</summary>
/// <param name="noun">What it describes: <c>"a host"</c>.</param>
/// <param name="fields">Its keys.</param>
/// <param name="build">Makes the value; only called when every needed key could be read.</param>
internal sealed class ObjectShape<T>(string noun, ImmutableArray<Field> fields, Func<Fields, T> build) : Shape<T>
{
    private const string MergeKey = "<<";

    /// <summary>What must hold between the keys.</summary>
    public ImmutableArray<Rule> Rules { get; init; } = [];

    /// <summary>Keys that someone might well write and that are refused, with what to do instead.</summary>
    public ImmutableDictionary<string, string> Refused { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public override string Expected => fields.Any(f => f.Required)
        ? $"{noun} as a mapping with the keys {string.Join(", ", fields.Where(f => f.Required).Select(f => f.Key))}"
        : $"{noun} as a mapping with keys such as {fields[0].Key}, or {{}}";

    /// <inheritdoc/>
    public override string Written => $"a mapping: {noun}";

    /// <inheritdoc/>
    public override KeyTable Keys(string place) => new(place, fields, Rules, Refused);

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out T value)
        => TryRead(node, path, null, problems, out value);

    /// <summary>Reads a mapping that stands under a name.</summary>
    public bool TryRead(YamlNode node, string path, YamlScalar? name, ProblemList problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not YamlMap map)
        {
            ReportKind(node, path, problems);
            return false;
        }

        var read = new Fields(name?.Where ?? map.Where, name?.Text ?? "", map);
        var meant = ReadKeys(map, path, problems, read);
        foreach (var missing in fields.Where(f => f.Required && !meant.Contains(f.Key)))
        {
            var of = path.Length == 0 ? "" : $" in '{path}'";
            problems.Add(new Diagnostic($"the key '{missing.Key}' is missing{of}") { Where = read.Where, Expected = missing.Expected });
        }

        foreach (var rule in Rules)
        {
            problems.AddRange(rule.Check(read));
        }

        if (!fields.All(f => !f.Required || read.HasValue(f)))
        {
            return false;
        }

        value = build(read)!;
        return true;
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(fields.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Schema()))),
            ["additionalProperties"] = false,
        };
        var required = fields.Where(f => f.Required).Select(f => (JsonNode)f.Key).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        var rules = Rules.Select(r => r.Schema()).OfType<JsonNode>().ToArray();
        if (rules.Length > 0)
        {
            schema["allOf"] = new JsonArray(rules);
        }

        return schema;
    }

    /// <summary>Reads what is there; gives the keys that were written or, with a typo, meant.</summary>
    private HashSet<string> ReadKeys(YamlMap map, string path, ProblemList problems, Fields read)
    {
        var meant = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, node) in map.Entries)
        {
            if (fields.FirstOrDefault(f => f.Key == key.Text) is { } field)
            {
                meant.Add(field.Key);
                var before = problems.Count;
                field.Read(node, path.Length == 0 ? key.Text : $"{path}.{key.Text}", problems, read);
                if (problems.Count > before)
                {
                    read.MarkBroken(field);
                }
            }
            else if (Refused.TryGetValue(key.Text, out var instead))
            {
                problems.Add(new Diagnostic($"'{key.Text}' is not taken here") { Where = key.Where, Hint = instead });
            }
            else
            {
                var free = fields.Select(f => f.Key).Where(k => !meant.Contains(k) && map.Entries.All(e => e.Key.Text != k)).ToList();
                var nearest = Nearest.To(key.Text, free);
                meant.UnionWith(key.Text == MergeKey ? free : nearest is null ? [] : [nearest]);
                problems.Add(new Diagnostic($"'{key.Text}' is no key of {noun}")
                {
                    Where = key.Where,
                    Expected = nearest is null ? $"one of {string.Join(", ", free.DefaultIfEmpty("none more"))}" : $"'{nearest}'",
                    Hint = nearest is null ? HintFor(key.Text) : $"Did you mean '{nearest}'?",
                });
            }
        }

        return meant;
    }

    private static string? HintFor(string key) => key == MergeKey ? "YAML's merge key is not taken: write the keys out." : null;
}
