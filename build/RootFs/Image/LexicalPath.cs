namespace Dom0Image.RootFs.Image;

/// <summary>Paths of an image as text, without a look at any tree.</summary>
internal static class LexicalPath
{
    /// <summary>A path without <c>.</c>, <c>..</c> and doubled slashes.</summary>
    /// <param name="directory">What a relative path starts from; <c>""</c> for the root.</param>
    /// <param name="path">Absolute or relative.</param>
    public static string Combine(string directory, string path)
    {
        var names = new List<string>(path.StartsWith('/') ? [] : directory.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var name in path.Split('/'))
        {
            if (name == ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name is not ("" or "." or ".."))
            {
                names.Add(name);
            }
        }

        return "/" + string.Join('/', names);
    }
}
