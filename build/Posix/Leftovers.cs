namespace Dom0Image.Posix;

/// <summary>Deletes what is not wanted any more. Nothing of it is needed, so what cannot be deleted stops nothing.</summary>
internal static class Leftovers
{
    /// <summary>Paths of all that is directly in a directory; nothing for one that is not there.</summary>
    public static IEnumerable<string> In(string directory)
        => Directory.Exists(directory) ? DirectoryNames.Read(directory).Select(entry => $"{directory}/{entry.Name}").Order(StringComparer.Ordinal) : [];

    /// <summary>Takes a tree out of sight in one step, so that a kill never leaves part of it under its name, and deletes it.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="doomed">A name on the same file system under which nothing stands.</param>
    /// <param name="tell">Told of what cannot be deleted.</param>
    /// <returns>Whether its name is free now.</returns>
    public static bool Retire(string tree, string doomed, Action<string>? tell)
    {
        try
        {
            InodeFlags.Clear(tree);
            Durable.Rename(tree, doomed);
        }
        catch (IOException problem)
        {
            tell?.Invoke($"cannot delete what is not used any more: {problem.Message}");
            return false;
        }

        Delete([doomed], tell);
        return true;
    }

    /// <summary>Deletes trees; sets aside what cannot be deleted, and tells of it.</summary>
    /// <returns>Those that were deleted.</returns>
    public static IReadOnlyList<string> Delete(IEnumerable<string> trees, Action<string>? tell)
    {
        var deleted = new List<string>();
        foreach (var tree in trees)
        {
            if (SafeDelete.TreeOrSetAside(tree) is { } kept)
            {
                tell?.Invoke($"{kept}");
            }
            else
            {
                deleted.Add(tree);
            }
        }

        return deleted;
    }
}
