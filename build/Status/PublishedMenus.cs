using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Menus;
using Dom0Image.Recipes;

namespace Dom0Image.Status;

/// <summary>The menus that clients get now, as they lie on the disk: what a host boots next is read from them, and not made of the site.</summary>
internal sealed class PublishedMenus
{
    private readonly MenuReading? _menus;
    private readonly Dictionary<MenuText, string?> _generations = new(ReferenceEqualityComparer.Instance);

    private PublishedMenus(string? key, MenuReading? menus) => (Key, _menus) = (key, menus);

    /// <summary>Their key; null for none.</summary>
    public string? Key { get; }

    /// <summary>Reads them.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">Something that is not ours stands in their place.</exception>
    public static PublishedMenus Read(Places places)
    {
        var key = CurrentState.Read(places).Menus;
        var set = key is null ? null : Path.Combine(places.OnDisk(Places.Menus), key);
        return new PublishedMenus(key, Directory.Exists(set) ? MenuReading.Of(set) : null);
    }

    /// <summary>What a host's menu has it boot. GRUB looks by name, then by card, then for the default one.</summary>
    public NextBoot NextOf(BootHost host, DailyServer? daily)
    {
        if (_menus is null)
        {
            return new NextBoot(null, null) { Problem = "no menus are published" };
        }

        string[] places = [$"{host.Name}.conf", .. host.Macs.Select(mac => $"by-mac/{mac}.conf"), "default.conf"];
        if (places.FirstOrDefault(place => _menus.Find(place) is not null) is not { } found)
        {
            return new NextBoot(null, null) { Problem = "it has no menu" };
        }

        var menu = _menus.Resolve(found)!;
        var generation = GenerationOf(_menus.Texts[menu]);
        return new NextBoot(generation, menu == $"{host.Name}.conf" ? null : Path.GetFileNameWithoutExtension(menu))
        {
            Daily = daily is not null && _menus.Find($"daily/{host.Name}.conf") is { Default: DailyMenu.DayEntry } ? $"{daily.Address}" : null,
            Problem = generation is null ? "its menu names no generation" : found == "default.conf" ? "it has no menu of its own" : null,
        };
    }

    private string? GenerationOf(MenuText menu)
    {
        if (!_generations.TryGetValue(menu, out var generation))
        {
            generation = menu.Roots.Where(root => root.StartsWith(Places.Generations + "/", StringComparison.Ordinal)).Select(root => root.Split('/')[^2]).FirstOrDefault();
            _generations.Add(menu, generation);
        }

        return generation;
    }
}
