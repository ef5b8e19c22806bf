using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>One of something, or a list of them.</summary>
/// <param name="noun">What the list has: <c>"MAC addresses"</c>.</param>
/// <param name="one">What each is.</param>
internal sealed class OneOrMoreShape<T>(string noun, Shape<T> one) : Shape<ImmutableArray<T>>
{
    private readonly ListShape<T> _several = new(noun, one, 1);

    /// <inheritdoc/>
    public override string Expected => $"{one.Expected}, or {_several.Expected}";

    /// <inheritdoc/>
    public override string Written => $"{one.Written}, or {_several.Expected}";

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, string path, ProblemList problems, [MaybeNullWhen(false)] out ImmutableArray<T> value)
    {
        if (node is YamlList)
        {
            return _several.TryRead(node, path, problems, out value) && !value.IsEmpty;
        }

        var read = one.TryRead(node, path, problems, out var single);
        value = read ? [single!] : [];
        return read;
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(one.Schema(), _several.Schema()) };
}
