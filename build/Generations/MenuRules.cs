using Dom0Image.Diagnostics;

namespace Dom0Image.Generations;

/// <summary>Menus name files that exist, all of this generation.</summary>
internal static class MenuRules
{
    private const string Rule = "menu";

    public static IEnumerable<Finding> Check(GenerationTree tree, string menus)
    {
        var files = Read(menus);
        foreach (var (path, target) in files)
        {
            var name = "/grub/" + path;
            if (target is null)
            {
                foreach (var finding in CheckText(tree, menus, name, MenuText.Read(Path.Combine(menus, path))))
                {
                    yield return finding;
                }
            }
            else if (!IsMenu(files, path))
            {
                yield return new Finding(Rule, name, $"leads to {target}, which is no menu of this set");
            }
        }

        if (files.Count == 0)
        {
            yield return new Finding(Rule, "/grub", "there are no menus", "Give the site a host, or a default profile");
        }
    }

    // Menus and, for links, their targets; by path in the set. Links are followed here and not by the kernel, which takes much
    // longer where there are thousands.
    private static SortedDictionary<string, string?> Read(string menus)
        => new(
            new DirectoryInfo(menus).EnumerateFiles("*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(menus, file.FullName), file => file.LinkTarget),
            StringComparer.Ordinal);

    private static bool IsMenu(SortedDictionary<string, string?> files, string path)
    {
        const string Top = "/";
        for (var followed = 0; followed <= files.Count; followed++)
        {
            if (!files.TryGetValue(path, out var target))
            {
                return false;
            }

            if (target is null)
            {
                return true;
            }

            // What climbs above the set, or names a place outside, is none of its paths.
            var up = target.Split('/').Count(part => part == "..");
            if (Path.IsPathRooted(target) || up > path.Count(c => c == '/'))
            {
                return false;
            }

            path = Path.GetFullPath(Path.Combine(Top, Path.GetDirectoryName(path)!, target))[Top.Length..];
        }

        return false;
    }

    private static IEnumerable<Finding> CheckText(GenerationTree tree, string menus, string name, MenuText menu)
    {
        var own = Places.TftpOf(tree.Id) + "/";
        foreach (var file in menu.Files)
        {
            if (!file.StartsWith(own, StringComparison.Ordinal))
            {
                yield return new Finding(Rule, name, $"names {file}, which is not of generation {tree.Id}", "Kernel, hypervisor and root of a menu are of one generation");
            }
            else if (!File.Exists(Path.Combine(tree.TftpDirectory, file[own.Length..])))
            {
                yield return new Finding(Rule, name, $"names {file}, which is not there", "The generation lacks it: choose another flavour for the profile or host, or add it to the recipe");
            }
        }

        foreach (var root in menu.Roots.Where(root => root != Places.RootOf(tree.Id)))
        {
            yield return new Finding(Rule, name, $"mounts {root}, which is not the root of generation {tree.Id}", "Kernel, hypervisor and root of a menu are of one generation");
        }

        foreach (var next in menu.Menus.Where(next => !File.Exists(Path.Combine(menus, next))))
        {
            yield return new Finding(Rule, name, $"goes on to /grub/{next}, which is not there");
        }
    }
}
