using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Dom0Image.Generations;

/// <summary>What the text of a published menu names; read from the file, whoever wrote it.</summary>
/// <param name="Files">Files of generations that it loads, as TFTP clients name them: <c>/generations/ID/...</c>.</param>
/// <param name="Roots">Directories that it has clients mount with <c>nfsroot=</c>.</param>
/// <param name="Menus">Menus that it goes on to, relative to <c>/grub/</c>.</param>
/// <param name="Dom0Kernels">Those of <paramref name="Files"/> that are loaded as a module of the hypervisor.</param>
internal sealed partial record MenuText(ImmutableArray<string> Files, ImmutableArray<string> Roots, ImmutableArray<string> Menus, ImmutableArray<string> Dom0Kernels)
{
    public static MenuText Read(string path) => Of(File.ReadAllText(path));

    /// <summary>What a text names; comments name nothing.</summary>
    public static MenuText Of(string text)
    {
        text = string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')));
        return new MenuText(All(LoadedFile(), text), All(NfsRoot(), text), All(NextMenu(), text), All(Dom0Kernel(), text));
    }

    /// <summary>The one generation whose root the menus of a directory have clients mount; null when they name none.</summary>
    public static string? GenerationIn(string menus) => Directory.Exists(menus)
        ? Directory.EnumerateFiles(menus)
            .SelectMany(file => Read(file).Roots)
            .Where(root => root.StartsWith(Places.Generations + "/", StringComparison.Ordinal))
            .Select(root => root.Split('/')[^2])
            .FirstOrDefault()
        : null;

    private static ImmutableArray<string> All(Regex what, string text) => [.. what.Matches(text).Select(match => match.Groups[1].Value).Distinct()];

    [GeneratedRegex(@"(?<=[\s'"")])(/generations/[^\s'"";]+)")]
    private static partial Regex LoadedFile();

    [GeneratedRegex(@"nfsroot=(?:[^:\s]+:)?(/[^,\s'""]+)")]
    private static partial Regex NfsRoot();

    [GeneratedRegex(@"configfile\s+['""]?(?:\([^)]*\))?/grub/([^\s'"";$]+)(?=['"";\s]|$)")]
    private static partial Regex NextMenu();

    [GeneratedRegex(@"module2\s+['""]?(?:\([^)]*\))?(/generations/[^/]+/kernels/[^\s'"";]+)")]
    private static partial Regex Dom0Kernel();
}
