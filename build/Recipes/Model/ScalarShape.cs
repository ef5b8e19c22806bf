using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>What came of a text: a value, or the reason why there is none.</summary>
internal readonly record struct Parsed<T>(T? Value, string? Problem = null, string? Hint = null)
{
    /// <summary>No value.</summary>
    public static Parsed<T> Bad(string problem, string? hint = null) => new(default, problem, hint);

    /// <summary>A value.</summary>
    public static implicit operator Parsed<T>(T value) => new(value);
}

/// <summary>A single value, told by a pattern and a parser. The text counts, not what YAML would make of it.</summary>
/// <param name="noun">Such as <c>"MAC address"</c>.</param>
/// <param name="example">A right value.</param>
/// <param name="pattern">Anchored regular expression, in the part of the language that ECMAScript and .NET share.</param>
/// <param name="parse">Makes the value of a text that matches the pattern.</param>
internal sealed class ScalarShape<T>(string noun, string example, string pattern, Func<string, Parsed<T>> parse) : Shape<T>
{
    private readonly Regex _pattern = new(pattern, RegexOptions.CultureInvariant | RegexOptions.ECMAScript);

    /// <summary>More words on what is right; follows the noun.</summary>
    public string Details { get; init; } = "";

    /// <summary>What to try when the pattern does not match, told from the text.</summary>
    public Func<string, string?> HintFor { get; init; } = _ => null;

    /// <summary>Whether the value must not be shown in messages.</summary>
    public bool Secret { get; init; }

    /// <summary>Whether the value may look like a number to YAML, such as a mode.</summary>
    public bool MayBeNumber { get; init; }

    /// <inheritdoc/>
    public override string Expected => $"{Article(noun)} {noun}{Details} such as {example}";

    /// <inheritdoc/>
    public override string Written => $"{Article(noun)} {noun}{Details} such as `{example}`";

    /// <summary>Whether a text has the value's form.</summary>
    public bool Fits(string text) => !text.EndsWith('\n') && _pattern.IsMatch(text);

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not YamlScalar { IsNothing: false, Broken: false } scalar)
        {
            ReportKind(node, path, problems);
            return false;
        }

        var parsed = Read(scalar.Text);
        if (parsed.Problem is not null)
        {
            problems.Add(new Diagnostic($"{(Secret ? $"the value of '{path}'" : $"'{scalar.Text}'")} {parsed.Problem}") { Where = scalar.Where, Expected = Expected, Hint = parsed.Hint });
            return false;
        }

        value = parsed.Value!;
        return true;
    }

    /// <summary>What comes of a text.</summary>
    public Parsed<T> Read(string text) => Fits(text) ? parse(text) : Parsed<T>.Bad($"is no {noun}", HintFor(text));

    /// <summary>The value of a text of the program's own.</summary>
    /// <exception cref="FormatException">It has none; says why.</exception>
    public T Parse(string text)
    {
        var parsed = Read(text);
        return parsed.Problem is null ? parsed.Value! : throw new FormatException($"{(Secret ? "the secret" : $"'{text}'")} {parsed.Problem}; expected {Expected}");
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = MayBeNumber ? new JsonArray("string", "integer") : "string", ["pattern"] = pattern };
        if (!Secret)
        {
            schema["examples"] = new JsonArray(example);
        }

        return schema;
    }

    private static string Article(string word) => "aeioIAE".Contains(word[0]) ? "an" : "a";
}
