using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>A list, without repetitions unless they mean something.</summary>
/// <param name="noun">What it lists: <c>"package names"</c>.</param>
/// <param name="item">What each item is.</param>
/// <param name="least">The least number of items.</param>
internal sealed class ListShape<T>(string noun, Shape<T> item, int least = 0) : Shape<ImmutableArray<T>>
{
    /// <summary>Whether an item may stand there twice, as in a command.</summary>
    public bool MayRepeat { get; init; }

    /// <inheritdoc/>
    public override string Expected => least == 0 ? $"a list of {noun}" : $"a list of {noun} with at least {least} item{(least == 1 ? "" : "s")}";

    /// <inheritdoc/>
    public override string Written => $"{Expected}; each is {item.Written}";

    /// <inheritdoc/>
    public override KeyTable? Keys(string place) => item.Keys($"{place}[]");

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out ImmutableArray<T> value)
    {
        value = [];
        if (node is not YamlList list)
        {
            ReportKind(node, path, problems);
            return false;
        }

        if (list.Items.Length < least)
        {
            problems.Add(new Diagnostic($"'{path}' is empty") { Where = list.Where, Expected = Expected });
        }

        var values = ImmutableArray.CreateBuilder<T>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < list.Items.Length; i++)
        {
            if (!MayRepeat && list.Items[i] is YamlScalar { IsNothing: false, Broken: false } scalar && !seen.TryAdd(scalar.Text, scalar.Where.Line))
            {
                problems.Add(new Diagnostic($"'{scalar.Text}' is in '{path}' twice") { Where = scalar.Where, Expected = $"each item once (the first is in line {seen[scalar.Text]})" });
            }
            else if (item.TryRead(list.Items[i], $"{path}[{i}]", problems, out var read))
            {
                values.Add(read);
            }
        }

        value = values.DrainToImmutable();
        return true;
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = item.Schema() };
        if (!MayRepeat)
        {
            schema["uniqueItems"] = true;
        }

        if (least > 0)
        {
            schema["minItems"] = least;
        }

        return schema;
    }
}
