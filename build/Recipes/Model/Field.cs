using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes.Model;

/// <summary>A key of a mapping.</summary>
/// <param name="key">The key, in kebab-case.</param>
/// <param name="description">What it says, for the schema.</param>
/// <param name="required">Whether it must be there.</param>
internal abstract class Field(string key, string description, bool required)
{
    /// <summary>The key, in kebab-case.</summary>
    public string Key => key;

    /// <summary>What it says.</summary>
    public string Description => description;

    /// <summary>Whether it must be there.</summary>
    public bool Required => required;

    /// <summary>What may stand under it.</summary>
    public abstract Shape Value { get; }

    /// <summary>What is expected, for messages.</summary>
    public string Expected => Value.Expected;

    /// <summary>Reads its value into <paramref name="fields"/>.</summary>
    public abstract void Read(YamlNode node, string path, ProblemList problems, Fields fields);

    /// <summary>Its JSON Schema, with the description.</summary>
    public abstract JsonObject Schema();
}

/// <summary>A key whose value is a <typeparamref name="T"/>.</summary>
internal sealed class Field<T> : Field
{
    private readonly Shape<T> _shape;

    private Field(string key, string description, bool required, Shape<T> shape, T fallback)
        : base(key, description, required)
    {
        _shape = shape;
        Default = fallback;
    }

    /// <summary>The value when the key is not there.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override Shape Value => _shape;

    /// <summary>A key that must be there.</summary>
    public static Field<T> Needed(string key, Shape<T> shape, string description, T whenUnreadable = default!)
        => new(key, description, required: true, shape, whenUnreadable);

    /// <summary>A key that may be left out.</summary>
    public static Field<T> Optional(string key, Shape<T> shape, T fallback, string description)
        => new(key, description, required: false, shape, fallback);

    /// <inheritdoc/>
    public override void Read(YamlNode node, string path, ProblemList problems, Fields fields)
    {
        if (_shape.TryRead(node, path, problems, out var value))
        {
            fields.Set(this, value);
        }
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["description"] = Description };
        foreach (var (name, part) in _shape.Schema())
        {
            schema[name] = part?.DeepClone();
        }

        return schema;
    }
}

/// <summary>What was read of a mapping.</summary>
/// <param name="where">Where the mapping begins, or its name when it has one.</param>
/// <param name="name">The key that the mapping stands under.</param>
/// <param name="map">The mapping.</param>
internal sealed class Fields(SourceLocation where, string name, YamlMap map)
{
    private readonly Dictionary<Field, object?> _values = [];
    private readonly HashSet<Field> _broken = [];
    private readonly Dictionary<(Field, Field), Dictionary<string, SourceLocation>> _places = [];

    /// <summary>Where the mapping begins, or its name when it has one.</summary>
    public SourceLocation Where => where;

    /// <summary>The key that the mapping stands under.</summary>
    public string Name => name;

    /// <summary>The value of a key: what was read, else its default.</summary>
    public T Get<T>(Field<T> field) => _values.TryGetValue(field, out var value) ? (T)value! : field.Default;

    /// <summary>Keeps what was read.</summary>
    public void Set<T>(Field<T> field, T value) => _values[field] = value;

    /// <summary>Whether a value was read for the key.</summary>
    public bool HasValue(Field field) => _values.ContainsKey(field);

    /// <summary>Notes that something in the key's value could not be read.</summary>
    public void MarkBroken(Field field) => _broken.Add(field);

    /// <summary>Whether the key is there and all of its value could be read, so that what is not in it is truly missing.</summary>
    public bool IsWhole(Field field) => HasValue(field) && !_broken.Contains(field);

    /// <summary>Whether the key is written, right or wrong.</summary>
    public bool Has(Field field) => Node(field) is not null;

    /// <summary>Where the key's value stands; the mapping's place when it is not written.</summary>
    public SourceLocation WhereOf(Field field) => Node(field)?.Where ?? where;

    /// <summary>The names below a key that holds a mapping, right or wrong.</summary>
    public ImmutableArray<string> NamesIn(Field field) => [.. KeysIn(field).Select(k => k.Name)];

    /// <summary>The names below a key that holds a mapping, right or wrong, and where they stand.</summary>
    public IEnumerable<(string Name, SourceLocation Where)> KeysIn(Field field)
        => from entry in (Node(field) as YamlMap)?.Entries ?? []
           select (entry.Key.Text, entry.Key.Where);

    /// <summary>
    /// The single values of one key in all the mappings below <paramref name="things"/>, with the mappings' names, right or
    /// wrong: for references, which are checked also where something else is wrong.
    /// </summary>
    public IEnumerable<(string Name, string Text, SourceLocation Where)> TextsIn(Field things, Field field)
        => from thing in (Node(things) as YamlMap)?.Entries ?? []
           from entry in (thing.Value as YamlMap)?.Entries ?? []
           where entry.Key.Text == field.Key && entry.Value is YamlScalar { IsNothing: false, Broken: false }
           select (thing.Key.Text, ((YamlScalar)entry.Value).Text, entry.Value.Where);

    /// <summary>As <see cref="TextsIn"/>, with each item of a list.</summary>
    public IEnumerable<(string Name, string Text, SourceLocation Where)> ItemsIn(Field things, Field field)
        => from thing in (Node(things) as YamlMap)?.Entries ?? []
           from entry in (thing.Value as YamlMap)?.Entries ?? []
           where entry.Key.Text == field.Key
           from item in Scalars(entry.Value)
           select (thing.Key.Text, item.Text, item.Where);

    /// <summary>Where the value of a key in one of the mappings below <paramref name="things"/> stands. Looked up, since there may be thousands.</summary>
    public SourceLocation WhereIn(Field things, string name, Field field)
    {
        if (!_places.TryGetValue((things, field), out var places))
        {
            _places[(things, field)] = places = TextsIn(things, field).DistinctBy(t => t.Name).ToDictionary(t => t.Name, t => t.Where, StringComparer.Ordinal);
        }

        return places.GetValueOrDefault(name) ?? WhereOf(things);
    }

    /// <summary>All single values of a key, in lists and mappings, too.</summary>
    public IEnumerable<(string Text, SourceLocation Where)> ScalarsIn(Field field) => Scalars(Node(field)).Select(s => (s.Text, s.Where));

    private static IEnumerable<YamlScalar> Scalars(YamlNode? node) => node switch
    {
        YamlScalar scalar => [scalar],
        YamlList list => list.Items.SelectMany(Scalars),
        YamlMap inner => inner.Entries.SelectMany(e => Scalars(e.Value)),
        _ => [],
    };

    private YamlNode? Node(Field field) => map.Entries.FirstOrDefault(e => e.Key.Text == field.Key)?.Value;
}
