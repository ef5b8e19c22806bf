using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Differences;

/// <summary>
/// Tells apart what menus have hosts load. Where both generations were published their menus lie on disk; else those are compared
/// that the site would have for either, in which no change of the site itself shows.
/// </summary>
/// <param name="places">Where menus lie.</param>
/// <param name="site">Makes them where they do not.</param>
internal sealed class MenuChanges(Places places, Site site)
{
    private const string Extension = ".conf";

    /// <summary>Menus that differ, those that differ in the same way together; and, where they cannot be compared, why.</summary>
    public (ImmutableArray<MenuChange> Changes, string? Problem) Between(GenerationBoot before, GenerationBoot after)
    {
        try
        {
            var (old, now) = (Published(before.GenerationId), Published(after.GenerationId));
            return (Between(old is null || now is null ? Made(before) : old, old is null || now is null ? Made(after) : now), null);
        }
        catch (BuildFailedException problem)
        {
            return ([], $"menus of site {site.Name} cannot be compared: {problem.Diagnostics[0]}");
        }
    }

    private static ImmutableArray<MenuChange> Between(Dictionary<string, ImmutableArray<string>> before, Dictionary<string, ImmutableArray<string>> after)
    {
        var changes = from menu in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
                      let old = before.GetValueOrDefault(menu, [])
                      let now = after.GetValueOrDefault(menu, [])
                      where !old.SequenceEqual(now)
                      group menu by (Before: string.Join('\n', old.Except(now)), After: string.Join('\n', now.Except(old)));
        return [.. changes.Select(change => new MenuChange([.. change], Lines(change.Key.Before), Lines(change.Key.After)))];
    }

    private static ImmutableArray<string> Lines(string text) => text.Length == 0 ? [] : [.. text.Split('\n')];

    // The set that names the generation, the last that clients were given. Hosts by their names; cards lead to the same menus.
    private Dictionary<string, ImmutableArray<string>>? Published(string generation)
    {
        var menus = places.OnDisk(Places.Menus);
        var set = !Directory.Exists(menus) ? null : Directory.GetDirectories(menus)
            .Where(directory => !Path.GetFileName(directory).StartsWith('.') && MenuReading.GenerationIn(directory) == generation)
            .MaxBy(Directory.GetLastWriteTimeUtc);
        if (set is null)
        {
            return null;
        }

        var reading = MenuReading.Of(set);
        return Told(reading.Files.Keys.Where(path => IsOfHost(path)).Select(path => (path, reading.Find(path))), generation);
    }

    private Dictionary<string, ImmutableArray<string>> Made(GenerationBoot generation)
    {
        generation.RequireNames();
        var files = HostMenus.Generate(site, generation);
        var texts = new Dictionary<BootFile, MenuText>(ReferenceEqualityComparer.Instance);
        MenuText? Text(string path) => files.GetValueOrDefault(path) switch
        {
            BootText text => texts.TryGetValue(text, out var known) ? known : texts[text] = MenuText.Of(text.Content),
            // Links lead to names beside them.
            BootLink link when link.Target != path => Text(link.Target),
            _ => null,
        };
        return Told(files.Keys.Where(IsOfHost).Select(path => (path, Text(path))), generation.GenerationId);
    }

    private static bool IsOfHost(string path) => path.EndsWith(Extension, StringComparison.Ordinal) && !path.Contains('/', StringComparison.Ordinal);

    // Thousands of hosts have few menus: each is put into words once.
    private static Dictionary<string, ImmutableArray<string>> Told(IEnumerable<(string Path, MenuText? Text)> menus, string generation)
    {
        var words = new Dictionary<MenuText, ImmutableArray<string>>(ReferenceEqualityComparer.Instance);
        ImmutableArray<string> Words(MenuText text) => words.TryGetValue(text, out var known)
            ? known
            : words[text] = [.. text.Loads.Select(load => string.Join(' ', load.Options.Prepend(load.File)).Replace(generation, "ID", StringComparison.Ordinal))];
        return menus.ToDictionary(menu => menu.Path[..^Extension.Length], menu => menu.Text is { } text ? Words(text) : []);
    }
}
