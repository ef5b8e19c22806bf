using Dom0Image.Menus;

namespace Dom0Image.Generations;

/// <summary>A set of menus as it stands on disk, read once for all rules.</summary>
/// <param name="Files">All that is there, by path, in order.</param>
/// <param name="Texts">What each menu names, by path; links have none.</param>
internal sealed record MenuReading(IReadOnlyDictionary<string, MenuFile> Files, IReadOnlyDictionary<string, MenuText> Texts)
{
    /// <summary>Reads a directory.</summary>
    public static MenuReading Of(string menus)
    {
        var files = new SortedList<string, MenuFile>(MenuFiles.Read(menus).ToDictionary(file => file.Path), StringComparer.Ordinal);
        return new MenuReading(files, files.Values.Where(file => file.Content is not null).ToDictionary(file => file.Path, file => MenuText.Of(file.Text)));
    }

    /// <summary>The one generation whose root the menus of a directory have clients mount; null when they name none.</summary>
    public static string? GenerationIn(string menus) => GenerationsIn(menus).FirstOrDefault();

    /// <summary>All generations whose root, kernel or hypervisor the menus of a directory name; read as far as it is asked.</summary>
    public static IEnumerable<string> GenerationsIn(string menus)
    {
        const string TftpPart = "/generations/";
        return Directory.Exists(menus)
            ? Directory.EnumerateFiles(menus)
                .Select(MenuText.Read)
                .SelectMany(menu => menu.Roots.Where(root => root.StartsWith(Places.Generations + "/", StringComparison.Ordinal)).Select(root => root.Split('/')[^2])
                    .Concat(menu.Files.Where(file => file.StartsWith(TftpPart, StringComparison.Ordinal)).Select(file => file[TftpPart.Length..].Split('/')[0])))
                .Distinct()
            : [];
    }

    /// <summary>Whether a path is a menu, or a link that leads to one of this set. Links are followed here and not by the kernel, which takes much longer where there are thousands.</summary>
    public bool IsMenu(string path) => Resolve(path) is { } menu && Files[menu].Content is not null;

    /// <summary>The menu at a path, or that a link there leads to; null for none.</summary>
    public MenuText? Find(string path) => Resolve(path) is { } menu ? Texts.GetValueOrDefault(menu) : null;

    /// <summary>The path of this set that one leads to when links are followed; null where it leads out of it, or nowhere.</summary>
    public string? Resolve(string path)
    {
        const string Top = "/";
        for (var followed = 0; followed <= Files.Count; followed++)
        {
            if (!Files.TryGetValue(path, out var file))
            {
                return null;
            }

            if (file.Target is not { } target)
            {
                return path;
            }

            // What climbs above the set, or names a place outside, is none of its paths.
            var up = target.Split('/').Count(part => part == "..");
            if (Path.IsPathRooted(target) || up > path.Count(c => c == '/'))
            {
                return null;
            }

            path = Path.GetFullPath(Path.Combine(Top, Path.GetDirectoryName(path)!, target))[Top.Length..];
        }

        return null;
    }
}
