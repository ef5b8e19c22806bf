namespace Dom0Image.Posix;

/// <summary>What is mounted where, as this process sees it.</summary>
internal static class MountTable
{
    /// <summary>Mount points at or below a directory (absolute, links resolved), deepest last.</summary>
    /// <param name="directory">Absolute path without links in it.</param>
    public static IReadOnlyList<string> Below(string directory) => [.. MountInfo.Read().Below(directory).Select(entry => entry.Point)];
}
