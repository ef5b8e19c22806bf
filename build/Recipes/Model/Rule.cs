using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes.Model;

/// <summary>What must hold between the keys of a mapping.</summary>
internal abstract class Rule
{
    /// <summary>What is wrong with what was read.</summary>
    public abstract IEnumerable<Diagnostic> Check(Fields fields);

    /// <summary>The rule as JSON Schema; null when the schema language cannot say it.</summary>
    public virtual JsonNode? Schema() => null;

    /// <summary>The rule as a sentence of Markdown, for the page of keys; null for what is only told when it is broken.</summary>
    public virtual string? Written => null;

    /// <summary>Keys with commas between.</summary>
    protected static string Names(IEnumerable<Field> fields) => string.Join(", ", fields.Select(f => $"`{f.Key}`"));
}

/// <summary>Not more than one of some keys.</summary>
internal sealed class AtMostOne(params ImmutableArray<Field> fields) : Rule
{
    /// <inheritdoc/>
    public override string Written => $"Not more than one of {Names(fields)}.";

    /// <inheritdoc/>
    public override IEnumerable<Diagnostic> Check(Fields read)
    {
        var there = fields.Where(read.Has).ToList();
        return there.Skip(1).Select(field => new Diagnostic($"'{field.Key}' and '{there[0].Key}' exclude each other")
        {
            Where = read.WhereOf(field),
            Expected = $"only one of {string.Join(", ", fields.Select(f => f.Key))}",
        });
    }

    /// <inheritdoc/>
    public override JsonNode Schema()
    {
        var pairs = fields.SelectMany((one, i) => fields.Skip(i + 1).Select(other => new JsonObject { ["required"] = new JsonArray(one.Key, other.Key) }));
        return new JsonObject { ["not"] = new JsonObject { ["anyOf"] = new JsonArray([.. pairs]) } };
    }
}

/// <summary>At least one of some keys.</summary>
internal sealed class AtLeastOne(string reason, params ImmutableArray<Field> fields) : Rule
{
    /// <inheritdoc/>
    public override string Written => $"At least one of {Names(fields)}.";

    /// <inheritdoc/>
    public override IEnumerable<Diagnostic> Check(Fields read)
        => fields.Any(read.Has) ? [] : [new Diagnostic(reason) { Where = read.Where, Expected = $"one of {string.Join(", ", fields.Select(f => f.Key))}" }];

    /// <inheritdoc/>
    public override JsonNode Schema() => new JsonObject
    {
        ["anyOf"] = new JsonArray([.. fields.Select(f => new JsonObject { ["required"] = new JsonArray(f.Key) })]),
    };
}

/// <summary>When a key has a certain word (or, for the default word, is not there), some keys are needed and some refused.</summary>
internal sealed class When<T>(Field<T> key, T value, string word, ImmutableArray<Field> needs, ImmutableArray<Field> refuses) : Rule
{
    /// <inheritdoc/>
    public override string Written
    {
        get
        {
            string[] parts = [.. needs.Select(f => $"`{f.Key}` is needed"), .. refuses.Select(f => $"`{f.Key}` means nothing and is refused")];
            return $"Where `{key.Key}` is `{word}`{(IsDefault ? ", or not there" : "")}: {string.Join(", ", parts)}.";
        }
    }

    private bool IsDefault => EqualityComparer<T>.Default.Equals(key.Default, value);

    /// <inheritdoc/>
    public override IEnumerable<Diagnostic> Check(Fields read)
    {
        if ((read.Has(key) && !read.HasValue(key)) || !EqualityComparer<T>.Default.Equals(read.Get(key), value))
        {
            return [];
        }

        var when = $"where '{key.Key}' is {word}";
        return
        [
            .. needs.Where(f => !read.Has(f)).Select(f => new Diagnostic($"the key '{f.Key}' is missing {when}") { Where = read.Where, Expected = f.Expected }),
            .. refuses.Where(read.Has).Select(f => new Diagnostic($"'{f.Key}' means nothing {when}") { Where = read.WhereOf(f), Hint = $"Leave '{f.Key}' out." }),
        ];
    }

    /// <inheritdoc/>
    public override JsonNode Schema()
    {
        var condition = new JsonObject { ["properties"] = new JsonObject { [key.Key] = new JsonObject { ["const"] = typeof(T) == typeof(bool) ? word == "true" : word } } };
        if (!IsDefault)
        {
            condition["required"] = new JsonArray(key.Key);
        }

        var then = new JsonObject();
        if (needs.Length > 0)
        {
            then["required"] = new JsonArray([.. needs.Select(f => (JsonNode)f.Key)]);
        }

        if (refuses.Length > 0)
        {
            then["properties"] = new JsonObject(refuses.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, false)));
        }

        return new JsonObject { ["if"] = condition, ["then"] = then };
    }
}

/// <summary>A check that only code can tell.</summary>
internal sealed class Checked(Func<Fields, IEnumerable<Diagnostic>> check) : Rule
{
    /// <inheritdoc/>
    public override IEnumerable<Diagnostic> Check(Fields fields) => check(fields);
}
