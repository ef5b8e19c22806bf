using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;

namespace Dom0Image.Boot;

/// <summary>What menus name, read out of their text rather than from the values that they were made of.</summary>
public static partial class MenuReferences
{
    /// <summary>Files of generations that the menus load, as TFTP clients name them: <c>/generations/ID/kernels/...</c>.</summary>
    public static ImmutableArray<(string Menu, string File)> Loaded(BootFileSet set)
        => [.. set.MenuTexts.SelectMany(m => LoadedFile().Matches(m.Content).Select(x => (m.Path, x.Groups[1].Value)))];

    /// <summary>Generations whose root the menus mount.</summary>
    public static ImmutableArray<(string Menu, string Root)> Mounted(BootFileSet set)
        => [.. set.MenuTexts.SelectMany(m => NfsRoot().Matches(m.Content).Select(x => (m.Path, x.Groups[1].Value)))];

    /// <summary>What is wrong with the menus: links that lead nowhere, files that are not there, two generations in one set.</summary>
    /// <param name="set">The menus.</param>
    /// <param name="exists">Whether a file that TFTP clients would ask for is there.</param>
    public static IEnumerable<Diagnostic> Check(BootFileSet set, Func<string, bool> exists)
    {
        foreach (var (path, file) in set.Menus)
        {
            if (file is BootLink link && !set.Menus.ContainsKey(Resolve(path, link.Target)))
            {
                yield return new Diagnostic($"menu {path} leads to {link.Target}, which is not there");
            }
        }

        foreach (var (menu, file) in Loaded(set).Where(l => !exists(l.File)))
        {
            yield return new Diagnostic($"menu {menu} names {file}, which is not there")
            {
                Hint = "The generation lacks it: rebuild, or choose another flavour for the profile or host.",
            };
        }

        var generations = Loaded(set).Select(l => l.File.Split('/')[2])
            .Concat(Mounted(set).Select(m => m.Root.Split('/')[^2]))
            .Distinct().ToArray();
        if (generations.Length > 1)
        {
            yield return new Diagnostic($"menus name several generations: {string.Join(", ", generations)}") { Expected = "kernel and root of one" };
        }
    }

    private static string Resolve(string path, string target)
        => Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(path)!, target)));

    [GeneratedRegex(@"(?:multiboot2|module2|linux|initrd) '?(/generations/[^\s';]+)")]
    private static partial Regex LoadedFile();

    [GeneratedRegex(@" '?nfsroot=[^:\s]+:([^,\s]+)")]
    private static partial Regex NfsRoot();
}
