namespace Dom0Image.Diagnostics;

/// <summary>Paths as the user would type them.</summary>
internal static class UserPath
{
    /// <summary>The path relative to the working directory when it is below it, else as it is.</summary>
    /// <param name="path">An absolute path.</param>
    public static string Of(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) ? path : relative;
    }
}
