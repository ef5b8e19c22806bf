using System.Collections.Immutable;
using Dom0Image.Edits.Layers;

namespace Dom0Image.Edits.Capture;

/// <summary>Which answers to debconf's questions a session gave. Passwords have a file of their own, and are none of them.</summary>
/// <param name="before">The generation.</param>
/// <param name="after">What it is now.</param>
internal sealed class DebconfDifference(ImageView before, ImageView after)
{
    private const string Answers = "/var/cache/debconf/config.dat";
    private const string Templates = "/var/cache/debconf/templates.dat";

    /// <summary>In order of questions.</summary>
    public ImmutableArray<DebconfSetting> Find()
    {
        var (was, now) = (Read(before, Answers), Read(after, Answers));
        var changed = now.Where(question => question.Value.ContainsKey("Value") && (was.TryGetValue(question.Key, out var old) ? old.GetValueOrDefault("Value") != question.Value["Value"] : true)).ToList();
        var templates = changed.Count > 0 ? Read(after, Templates) : [];
        return
        [
            .. from question in changed
               let template = templates.GetValueOrDefault(question.Value.GetValueOrDefault("Template", question.Key))
               let value = question.Value["Value"]
               // Asked for the first time, and answered as it is by itself.
               where was.ContainsKey(question.Key) || (template is not null && template.GetValueOrDefault("Default", "") != value)
               where template?.GetValueOrDefault("Type") is not ("password" or "title" or "text" or "note" or "error")
               orderby question.Key
               select new DebconfSetting(question.Value.GetValueOrDefault("Owners", "debconf").Split(',')[0].Trim(), question.Key, template?.GetValueOrDefault("Type") ?? "string", value)
        ];
    }

    private static Dictionary<string, Dictionary<string, string>> Read(ImageView image, string file)
    {
        var all = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var stanza in image.Text(file).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = stanza.Split('\n').Where(line => line.Length > 0 && line[0] != ' ' && line.Contains(':', StringComparison.Ordinal)).Select(line => line.Split(':', 2))
                .GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.First()[1].Trim());
            if (fields.TryGetValue("Name", out var name))
            {
                all[name] = fields;
            }
        }

        return all;
    }
}
