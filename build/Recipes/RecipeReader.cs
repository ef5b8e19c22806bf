using Dom0Image.Diagnostics;
using Dom0Image.Recipes.Model;
using Dom0Image.Recipes.Yaml;

namespace Dom0Image.Recipes;

/// <summary>Reads recipes. Strict: whatever is not known, not right or not there is an error with its place.</summary>
internal static class RecipeReader
{
    /// <summary>Reads a recipe.</summary>
    /// <param name="file">Path as the user knows it; it stands in messages.</param>
    /// <exception cref="BuildFailedException">Everything that is wrong with the file, in its order.</exception>
    public static Recipe Read(string file) => StrictReader.Read(file, RecipeModel.For(file));
}

/// <summary>Reads sites. Strict, as recipes are.</summary>
internal static class SiteReader
{
    /// <summary>Reads a site, and the files with password hashes that it names.</summary>
    /// <param name="file">Path as the user knows it; it stands in messages.</param>
    /// <exception cref="BuildFailedException">Everything that is wrong with the file, in its order.</exception>
    public static Site Read(string file) => StrictReader.Read(file, SiteModel.For(file));
}

/// <summary>Reads a file by its model.</summary>
internal static class StrictReader
{
    /// <summary>Reads <paramref name="file"/> or fails with all that is wrong with it.</summary>
    public static T Read<T>(string file, Shape<T> model)
    {
        var problems = new ProblemList();
        T? value = default;
        var name = Path.GetFileNameWithoutExtension(file);
        // Generations are named like their recipe, and server files are marked with the site's name.
        if (!Scalars.Name.Fits(name))
        {
            problems.Add(new Diagnostic($"'{name}' is no name that can stand in menus") { Where = new SourceLocation(file), Expected = "a file named by letters, digits and . _ + -" });
        }

        if (YamlTree.Load(file, problems) is { } tree)
        {
            model.TryRead(tree, "", problems, out value);
        }

        problems.ThrowIfAny();
        return value!;
    }
}
