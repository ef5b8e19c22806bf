using Dom0Image.Generations;
using Dom0Image.Menus;

namespace Dom0Image.Verification;

/// <summary>Menus name files that exist, all of this generation.</summary>
internal sealed class MenuRule : IGenerationRule
{
    private const string Again = "Publish the site's menus again";

    // The day's own system, which is none of ours, is booted from menus there.
    private const string Daily = "/grub/daily/";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedGeneration generation)
    {
        var (tree, menus) = (generation.Tree, generation.Menus);
        foreach (var (path, file) in menus.Files.Where(entry => !entry.Value.IsDirectory))
        {
            var name = "/grub/" + path;
            if (menus.Texts.TryGetValue(path, out var text))
            {
                foreach (var finding in CheckText(tree, menus, name, text))
                {
                    yield return finding;
                }
            }
            else if (!menus.IsMenu(path))
            {
                yield return new Finding(FindingKind.MenuLink, name, file.Target is { } target ? $"leads to {target}, which is no menu of this set" : "is neither a menu nor a link to one", Again);
            }
        }

        if (menus.Texts.Count == 0)
        {
            yield return new Finding(FindingKind.MenusMissing, "/grub", "there are no menus", "Give the site a host, or a default profile");
        }
    }

    private static IEnumerable<Finding> CheckText(GenerationTree tree, MenuReading menus, string name, MenuText menu)
    {
        var own = Places.TftpOf(tree.Id) + "/";
        foreach (var file in menu.Files)
        {
            if (!file.StartsWith(own, StringComparison.Ordinal))
            {
                yield return new Finding(FindingKind.MenuOtherFile, name, $"names {file}, which is not of generation {tree.Id}", "Kernel, hypervisor and root of a menu are of one generation");
            }
            else if (!File.Exists(Path.Combine(tree.TftpDirectory, file[own.Length..])))
            {
                yield return new Finding(FindingKind.MenuFileMissing, name, $"names {file}, which is not there", "The generation lacks it: choose another flavour for the profile or host, or add it to the recipe");
            }
        }

        foreach (var root in menu.Roots.Where(root => root != Places.RootOf(tree.Id)))
        {
            yield return new Finding(FindingKind.MenuOtherRoot, name, $"mounts {root}, which is not the root of generation {tree.Id}", "Kernel, hypervisor and root of a menu are of one generation");
        }

        foreach (var next in menu.Menus.Where(next => !menus.IsMenu(next)))
        {
            yield return new Finding(FindingKind.MenuNextMissing, name, $"goes on to /grub/{next}, which is not there", Again);
        }

        foreach (var finding in name.StartsWith(Daily, StringComparison.Ordinal) ? [] : MenuSense.Check(name, menu))
        {
            yield return finding;
        }
    }
}
