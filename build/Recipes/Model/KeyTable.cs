using System.Collections.Immutable;

namespace Dom0Image.Recipes.Model;

/// <summary>A mapping with known keys, as the page of keys shows it.</summary>
/// <param name="Place">Where it stands, such as <c>hosts.NAME</c>; empty for the file itself.</param>
/// <param name="Fields">Its keys.</param>
/// <param name="Rules">What must hold between them.</param>
/// <param name="Refused">Keys that are refused, with what to do instead.</param>
internal sealed record KeyTable(string Place, ImmutableArray<Field> Fields, ImmutableArray<Rule> Rules, ImmutableDictionary<string, string> Refused)
{
    /// <summary>Where one of its keys stands.</summary>
    public string PlaceOf(Field field) => Place.Length == 0 ? field.Key : $"{Place}.{field.Key}";

    /// <summary>The mappings below its keys, with those below them, each after the one that it is in.</summary>
    public IEnumerable<KeyTable> Below => Fields.Select(f => f.Value.Keys(PlaceOf(f))).OfType<KeyTable>().SelectMany(table => table.Below.Prepend(table));
}
