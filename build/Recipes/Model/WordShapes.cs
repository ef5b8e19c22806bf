using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>One of a few words.</summary>
/// <param name="noun">Such as <c>"init system"</c>.</param>
/// <param name="words">The words and what they stand for.</param>
internal sealed class WordShape<T>(string noun, params ImmutableArray<(string Word, T Value)> words) : Shape<T>
{
    /// <summary>What to say about words that someone might well write here and that are refused.</summary>
    public Func<string, string?> HintFor { get; init; } = _ => null;

    /// <summary>Whether a wrong word must not be shown in messages.</summary>
    public bool Secret { get; init; }

    /// <inheritdoc/>
    public override string Expected => words.Length == 1 ? $"'{words[0].Word}'" : $"one of {string.Join(", ", words.Select(w => w.Word))}";

    /// <inheritdoc/>
    public override string Written => words.Length == 1 ? $"`{words[0].Word}`" : $"one of {string.Join(", ", words.Select(w => $"`{w.Word}`"))}";

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is not YamlScalar { IsNothing: false, Broken: false } scalar)
        {
            ReportKind(node, path, problems);
            return false;
        }

        foreach (var (word, meant) in words)
        {
            if (word == scalar.Text)
            {
                value = meant!;
                return true;
            }
        }

        var hint = HintFor(scalar.Text) ?? Nearest.Hint(scalar.Text, words.Select(w => w.Word));
        problems.Add(new Diagnostic($"{(Secret ? $"the value of '{path}'" : $"'{scalar.Text}'")} is no {noun}") { Where = scalar.Where, Expected = Expected, Hint = hint });
        return false;
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. words.Select(w => JsonValue.Create(w.Word))]) };
}

/// <summary>Yes or no, as <c>true</c> or <c>false</c>.</summary>
internal sealed class BooleanShape : Shape<bool>
{
    /// <inheritdoc/>
    public override string Expected => "true or false, without quotes";

    /// <inheritdoc/>
    public override string Written => "`true` or `false`, without quotes";

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, out bool value)
    {
        value = node is YamlScalar { Text: "true", Quoted: false };
        if (value || node is YamlScalar { Text: "false", Quoted: false })
        {
            return true;
        }

        if (node is YamlScalar { IsNothing: false, Broken: false } scalar)
        {
            var hint = scalar.Text.ToLowerInvariant() switch
            {
                "yes" or "on" or "true" => "Write true.",
                "no" or "off" or "false" => "Write false.",
                _ => null,
            };
            problems.Add(new Diagnostic($"'{scalar.Text}' is neither true nor false") { Where = scalar.Where, Expected = Expected, Hint = hint });
        }
        else
        {
            ReportKind(node, path, problems);
        }

        return false;
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

/// <summary>A whole number within limits.</summary>
internal sealed class IntegerShape(string noun, int least, int most) : Shape<int>
{
    /// <inheritdoc/>
    public override string Expected => $"{noun} from {least} to {most}";

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, out int value)
    {
        value = 0;
        if (node is not YamlScalar { IsNothing: false, Broken: false } scalar)
        {
            ReportKind(node, path, problems);
            return false;
        }

        // Leading zeros: some YAML parsers would read them as octal.
        if (!scalar.Quoted
            && !(scalar.Text.Length > 1 && scalar.Text[0] == '0')
            && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most)
        {
            return true;
        }

        problems.Add(new Diagnostic($"'{scalar.Text}' is not {noun} from {least} to {most}") { Where = scalar.Where, Expected = "a whole number, without quotes" });
        return false;
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };
}

/// <summary>One of a few whole numbers.</summary>
/// <param name="noun">Such as <c>"speed"</c>.</param>
/// <param name="numbers">The numbers.</param>
internal sealed class NumberShape(string noun, params ImmutableArray<int> numbers) : Shape<int>
{
    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", numbers)}, without quotes";

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, out int value)
    {
        value = 0;
        if (node is not YamlScalar { IsNothing: false, Broken: false } scalar)
        {
            ReportKind(node, path, problems);
            return false;
        }

        foreach (var number in numbers)
        {
            if (!scalar.Quoted && scalar.Text == number.ToString(CultureInfo.InvariantCulture))
            {
                value = number;
                return true;
            }
        }

        problems.Add(new Diagnostic($"'{scalar.Text}' is no {noun}") { Where = scalar.Where, Expected = Expected });
        return false;
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. numbers.Select(n => JsonValue.Create(n))]) };
}
