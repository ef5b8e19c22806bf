using Dom0Image.Diagnostics;

namespace Dom0Image.CommandLine;

/// <summary>Finds the checkout that this program was built in: recipes, overlays and kernel fragments are there.</summary>
internal static class RepositoryRoot
{
    private const string Mark = "Dom0Image.sln";

    /// <summary>The root, looked for upwards from the program, then from the working directory.</summary>
    public static string Find() => Find(AppContext.BaseDirectory, Environment.CurrentDirectory);

    /// <summary>The root, looked for upwards from the given directories.</summary>
    /// <exception cref="BuildFailedException">None of them is in a checkout.</exception>
    public static string Find(params string[] starts)
        => starts.SelectMany(Upwards).FirstOrDefault(d => File.Exists(Path.Combine(d, Mark)))
            ?? throw new BuildFailedException(new Diagnostic($"no {Mark} in or above {string.Join(" or ", starts)}")
            {
                Hint = "Run ./build.sh of a checkout.",
            });

    private static IEnumerable<string> Upwards(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
        {
            yield return directory.FullName;
        }
    }
}
