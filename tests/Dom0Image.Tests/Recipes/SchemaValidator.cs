using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dom0Image.Tests.Recipes;

/// <summary>The part of JSON Schema (2020-12) that the kept schemas use. A keyword that it does not know is an error.</summary>
internal static class SchemaValidator
{
    /// <summary>Whether a value is valid.</summary>
    public static bool Accepts(JsonNode? schema, JsonNode? value) => schema switch
    {
        JsonValue boolean => boolean.GetValue<bool>(),
        JsonObject keywords => keywords.All(k => Holds(keywords, k.Key, k.Value!, value)),
        _ => throw new InvalidOperationException("a schema is an object or a boolean"),
    };

    private static bool Holds(JsonObject schema, string keyword, JsonNode rule, JsonNode? value) => keyword switch
    {
        "$schema" or "title" or "description" or "examples" or "then" => true,
        "type" => rule is JsonArray several ? several.Any(t => IsOf(t!.GetValue<string>(), value)) : IsOf(rule.GetValue<string>(), value),
        "enum" => rule.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
        "const" => JsonNode.DeepEquals(rule, value),
        "pattern" => value is not JsonValue text || !text.TryGetValue<string>(out var s) || Regex.IsMatch(s, rule.GetValue<string>(), RegexOptions.ECMAScript),
        "minimum" => value is not JsonValue number || !number.TryGetValue<long>(out var n) || n >= rule.GetValue<long>(),
        "maximum" => value is not JsonValue number || !number.TryGetValue<long>(out var n) || n <= rule.GetValue<long>(),
        "items" => value is not JsonArray list || list.All(item => Accepts(rule, item)),
        "uniqueItems" => value is not JsonArray list || list.DistinctBy(item => item?.ToJsonString()).Count() == list.Count,
        "minItems" => value is not JsonArray list || list.Count >= rule.GetValue<int>(),
        "properties" => value is not JsonObject map || rule.AsObject().All(p => !map.ContainsKey(p.Key) || Accepts(p.Value, map[p.Key])),
        "additionalProperties" => value is not JsonObject map || map.All(p => (schema["properties"] as JsonObject)?.ContainsKey(p.Key) == true || Accepts(rule, p.Value)),
        "propertyNames" => value is not JsonObject map || map.All(p => Accepts(rule, p.Key)),
        "minProperties" => value is not JsonObject map || map.Count >= rule.GetValue<int>(),
        "required" => value is not JsonObject map || rule.AsArray().All(k => map.ContainsKey(k!.GetValue<string>())),
        "allOf" => rule.AsArray().All(one => Accepts(one, value)),
        "anyOf" => rule.AsArray().Any(one => Accepts(one, value)),
        "not" => !Accepts(rule, value),
        "if" => !Accepts(rule, value) || Accepts(schema["then"], value),
        _ => throw new InvalidOperationException($"unknown keyword '{keyword}'"),
    };

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "boolean" => value is JsonValue v && v.TryGetValue<bool>(out _),
        "integer" => value is JsonValue v && v.TryGetValue<long>(out _),
        "string" => value is JsonValue v && v.TryGetValue<string>(out _),
        _ => throw new InvalidOperationException($"unknown type '{type}'"),
    };
}
