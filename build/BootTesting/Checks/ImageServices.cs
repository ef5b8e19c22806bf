using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.BootTesting.Checks;

/// <summary>The services of an image, by the files that start them.</summary>
internal static partial class ImageServices
{
    private const string Scripts = "/etc/init.d";
    private static readonly string[] Units = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

    /// <summary>The init script of a name; null when the image has none.</summary>
    /// <param name="root">The image's root on this machine.</param>
    /// <param name="name">As a client told it.</param>
    public static string? ScriptOf(string root, string name)
    {
        var file = $"{root}{Scripts}/{name}";
        return Name().IsMatch(name) && FileNode.Find(file) is not null && new FileInfo(file) is { LinkTarget: null, Length: < 1 << 20 } ? File.ReadAllText(file) : null;
    }

    /// <summary>Whether a recipe lets services fail that its image does not have.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="root">The image's root on this machine.</param>
    /// <exception cref="BuildFailedException">Each name, at its line, with the nearest one.</exception>
    public static void Check(Recipe recipe, string root)
    {
        var known = NamesIn(root, recipe.Init);
        var problems = recipe.MayFail.Where(m => !known.Contains(m.Service)).Select(m => new Diagnostic($"'{m.Service}' is no service of this image, so that it cannot fail")
        {
            Where = m.Where,
            Expected = recipe.Init is InitSystem.Systemd ? "the name of a unit of the image, without '.service'" : $"the name of a script in {Scripts} of the image",
            Hint = Nearest.Hint(m.Service, known),
        }).ToList();
        if (problems.Count > 0)
        {
            throw new BuildFailedException(problems);
        }
    }

    private static HashSet<string> NamesIn(string root, InitSystem init)
        => (init is InitSystem.Systemd ? Units : [Scripts]).Select(d => root + d).Where(Directory.Exists)
            .SelectMany(d => Directory.EnumerateFileSystemEntries(d)).Select(f => ServiceNames.OfUnit(Path.GetFileName(f))).ToHashSet();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.@:-]*$")]
    private static partial Regex Name();
}
