using Dom0Image.Posix;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.RootFs.RamTree;

/// <summary>
/// Gives what a build made or changed below /flash a time that says nothing of when it was built, so that the same recipe and
/// packages give the same RAM tree, byte for byte, on any day. What packages brought keeps the time that it has there.
/// </summary>
internal static class RamTreeTimes
{
    // Where packages brought nothing.
    private static readonly DateTimeOffset Otherwise = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Settles the times of all that is there.</summary>
    /// <param name="root">The image's root, relocated.</param>
    /// <param name="built">Since when things are the build's own; all packages are older.</param>
    public static void Settle(string root, DateTimeOffset built)
    {
        var top = FileNode.Get(root + FlashPaths.Flash);
        FileNode[] nodes = [top, .. top.Below()];
        var limit = built.ToUnixTimeSeconds();
        var newest = nodes.Select(node => node.WrittenAt).Where(time => time < limit).DefaultIfEmpty(Otherwise.ToUnixTimeSeconds()).Max();
        foreach (var node in nodes.Where(node => node.WrittenAt >= limit))
        {
            FileChange.SetTime(node.Path, DateTimeOffset.FromUnixTimeSeconds(newest));
        }
    }
}
