using System.Collections.Frozen;

namespace Dom0Image.Boot.Servers;

/// <summary>What this machine's administrator answered to packages' questions, read from debconf's own files.</summary>
/// <param name="directory">Where they are, <c>/var/cache/debconf</c>.</param>
internal sealed class DebconfAnswers(string directory)
{
    private readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, string>>> _questions = new(() => Read(Path.Combine(directory, "config.dat")));
    private readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, string>>> _templates = new(() => Read(Path.Combine(directory, "templates.dat")));

    /// <summary>
    /// The answer that a package's script gets: empty for a question that was never asked. Null where it is neither the default
    /// nor given by anyone: packages' scripts put into debconf what they find in a file that a person edited.
    /// </summary>
    public string? Get(string question)
    {
        var byDefault = Field(_templates, question, "Default") ?? "";
        var answer = Field(_questions, question, "Value") ?? byDefault;
        return answer == byDefault || (Field(_questions, question, "Flags") ?? "").Split(' ', ',').Contains("seen") ? answer : null;
    }

    private static string? Field(Lazy<FrozenDictionary<string, FrozenDictionary<string, string>>> stanzas, string name, string field)
        => stanzas.Value.TryGetValue(name, out var fields) && fields.TryGetValue(field, out var value) ? value : null;

    // Stanzas of 'Field: value', with an empty line between. Values of several lines are of no use to us: their first is taken.
    private static FrozenDictionary<string, FrozenDictionary<string, string>> Read(string file)
    {
        var stanzas = new Dictionary<string, FrozenDictionary<string, string>>(StringComparer.Ordinal);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (File.Exists(file) ? File.ReadLines(file) : []).Append(""))
        {
            if (line.Length == 0)
            {
                if (fields.TryGetValue("Name", out var name))
                {
                    stanzas[name] = fields.ToFrozenDictionary(StringComparer.Ordinal);
                }

                fields.Clear();
            }
            else if (line[0] != ' ' && line.Split(": ", 2) is [var field, var value])
            {
                fields[field] = value;
            }
        }

        return stanzas.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
