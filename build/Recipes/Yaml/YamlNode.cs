using System.Collections.Immutable;
using Dom0Image.Diagnostics;

namespace Dom0Image.Recipes.Yaml;

/// <summary>A node of a YAML document, with its place. Values are texts: YAML's guesses at types are not made.</summary>
/// <param name="Where">Where it begins.</param>
internal abstract record YamlNode(SourceLocation Where)
{
    /// <summary>What it is, for messages: <c>"a list"</c>.</summary>
    public abstract string Described { get; }
}

/// <summary>A single value.</summary>
/// <param name="Where">Where it begins.</param>
/// <param name="Text">Its text, without quotes.</param>
/// <param name="Quoted">Whether it was written in quotes or as a block.</param>
internal sealed record YamlScalar(SourceLocation Where, string Text, bool Quoted) : YamlNode(Where)
{
    /// <summary>Whether it was reported already, so that nothing more needs saying.</summary>
    public bool Broken { get; init; }

    /// <summary>Whether nothing was written, or one of YAML's words for nothing.</summary>
    public bool IsNothing => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <inheritdoc/>
    public override string Described => IsNothing ? "nothing" : "a single value";
}

/// <summary>A list.</summary>
/// <param name="Where">Where it begins.</param>
/// <param name="Items">Its items.</param>
internal sealed record YamlList(SourceLocation Where, ImmutableArray<YamlNode> Items) : YamlNode(Where)
{
    /// <inheritdoc/>
    public override string Described => "a list";
}

/// <summary>Keys and their values, without duplicates, in the order of the file.</summary>
/// <param name="Where">Where it begins.</param>
/// <param name="Entries">Its entries.</param>
internal sealed record YamlMap(SourceLocation Where, ImmutableArray<YamlEntry> Entries) : YamlNode(Where)
{
    /// <inheritdoc/>
    public override string Described => "a mapping of keys";
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlScalar Key, YamlNode Value);
