using System.Collections.Immutable;
using Dom0Image.Edits.Layers;

namespace Dom0Image.Edits.Capture;

/// <summary>What a session told dpkg by name: alternatives, diversions, stat overrides.</summary>
/// <param name="before">The generation.</param>
/// <param name="after">What it is now.</param>
/// <param name="scripts">Text of the scripts of packages that came or changed: what they name is theirs.</param>
internal sealed class DpkgSettings(ImageView before, ImageView after, string scripts)
{
    private const string Admin = "/var/lib/dpkg";

    /// <summary>Adds them to settings.</summary>
    public LayerSettings AddTo(LayerSettings settings) => settings with
    {
        Alternatives = Alternatives(),
        Diversions = Changed(Diversions(before), Diversions(after)),
        StatOverrides = Changed(StatOverrides(before), StatOverrides(after)),
    };

    // What is chosen by priority follows the packages.
    private ImmutableSortedDictionary<string, string> Alternatives()
    {
        var chosen = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var name in after.Names($"{Admin}/alternatives"))
        {
            var (was, now) = (Choice(before, name), Choice(after, name));
            if (now is not null && was != now && !(was is null && now == "auto"))
            {
                chosen[name] = now;
            }
        }

        return chosen.ToImmutable();
    }

    private static string? Choice(ImageView image, string name) => image.Lines($"{Admin}/alternatives/{name}").FirstOrDefault() switch
    {
        null => null,
        "manual" => image.Target("/etc/alternatives", name) ?? "auto",
        _ => "auto",
    };

    // Three lines each: what, where to, and whose it is; ':' is nobody's.
    private static Dictionary<string, string> Diversions(ImageView image)
        => image.Lines($"{Admin}/diversions").Chunk(3).Where(lines => lines is [_, _, ":"]).ToDictionary(lines => lines[0], lines => lines[1]);

    private Dictionary<string, string> StatOverrides(ImageView image)
        => image.Lines($"{Admin}/statoverride").Select(line => line.Split(' ', 4)).Where(words => words.Length == 4 && !scripts.Contains(words[3], StringComparison.Ordinal))
            .GroupBy(words => words[3]).ToDictionary(group => group.Key, group => string.Join(' ', group.First().Take(3)));

    private static ImmutableSortedDictionary<string, string?> Changed(Dictionary<string, string> was, Dictionary<string, string> now)
        => was.Keys.Union(now.Keys).Where(path => was.GetValueOrDefault(path) != now.GetValueOrDefault(path)).ToImmutableSortedDictionary(path => path, now.GetValueOrDefault, StringComparer.Ordinal);
}
