using Dom0Image.Posix;

namespace Dom0Image.RootFs.Image;

/// <summary>
/// Takes the day of the build out of a base layer: the same packages are the same image on any day of their archive. Account tools
/// note it as the day of each account's last change of password, which nobody made and which a read-only file cannot follow.
/// </summary>
internal static class BuildDay
{
    private const int LastChange = 2;
    private const string Shadow = "/etc/shadow";

    /// <summary>Forgets it.</summary>
    /// <param name="root">The image's root on this machine, before overlays: what they bring is meant.</param>
    public static void Forget(string root)
    {
        if (FileNode.Find(ContainedPath.Resolve(root, Shadow)) is { IsFile: true } shadow)
        {
            FileChange.ReplaceContent(shadow, string.Concat(File.ReadLines(shadow.Path).Select(line => WithoutDay(line) + "\n")));
        }
    }

    private static string WithoutDay(string line)
        => string.Join(':', line.Split(':').Select((field, index) => index == LastChange ? "" : field));
}
