using System.Collections.Immutable;

namespace Dom0Image.Kernels;

/// <summary>A kernel's finished configuration, its <c>.config</c>.</summary>
/// <param name="Values">Options that are not off, by name without <c>CONFIG_</c>, with their value as it is written.</param>
internal sealed record KernelConfig(ImmutableDictionary<string, string> Values)
{
    private const string Prefix = "CONFIG_";
    private const string OffStart = "# CONFIG_";
    private const string OffEnd = " is not set";

    /// <summary>Options that could be on and are off; others are not there at all in this kernel.</summary>
    public ImmutableHashSet<string> Off { get; init; } = [];

    /// <summary>Reads a <c>.config</c>.</summary>
    public static KernelConfig Read(string file) => Parse(File.ReadAllText(file));

    /// <summary>Reads the text of a <c>.config</c>.</summary>
    public static KernelConfig Parse(string text)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line.StartsWith(Prefix, StringComparison.Ordinal))
            {
                values[line[Prefix.Length..equals]] = line[(equals + 1)..].TrimEnd();
            }
        }

        var off = text.Split('\n').Select(line => line.TrimEnd())
            .Where(line => line.StartsWith(OffStart, StringComparison.Ordinal) && line.EndsWith(OffEnd, StringComparison.Ordinal));
        return new KernelConfig(values.ToImmutable()) { Off = [.. off.Select(line => line[OffStart.Length..^OffEnd.Length])] };
    }

    /// <summary>The option's value; <c>n</c> when it is off, or not there.</summary>
    public string this[string name] => Values.GetValueOrDefault(name, "n");

    /// <summary>Whether the option is built in.</summary>
    public bool BuiltIn(string name) => this[name] == "y";
}
