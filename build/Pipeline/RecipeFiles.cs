using Dom0Image.Diagnostics;

namespace Dom0Image.Pipeline;

/// <summary>Finds recipes and sites by name in a checkout.</summary>
internal static class RecipeFiles
{
    /// <summary>Path of <c>recipes/NAME.yaml</c>.</summary>
    /// <exception cref="BuildFailedException">There is no such recipe; names the nearest one.</exception>
    public static string Recipe(string repository, string name) => Find("recipe", Path.Combine(repository, "recipes"), name);

    /// <summary>Path of <c>recipes/sites/NAME.yaml</c>.</summary>
    /// <exception cref="BuildFailedException">There is no such site; names the nearest one.</exception>
    public static string Site(string repository, string name) => Find("site", Path.Combine(repository, "recipes", "sites"), name);

    /// <summary>Path of <c>recipes/accounts</c>, which need not be there.</summary>
    public static string Accounts(string repository) => UserPath.Of(Path.Combine(repository, "recipes", "accounts"));

    private static string Find(string kind, string directory, string name)
    {
        var names = Directory.EnumerateFiles(directory, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal).ToList();
        if (names.Contains(name))
        {
            return UserPath.Of(Path.Combine(directory, name + ".yaml"));
        }

        throw new BuildFailedException(new Diagnostic($"there is no {kind} '{name}' in {UserPath.Of(directory)}")
        {
            Expected = $"one of {string.Join(", ", names)}",
            Hint = Nearest.To(name, names) is { } near ? $"Did you mean '{near}'?" : null,
        });
    }
}
