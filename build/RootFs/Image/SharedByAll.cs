using Dom0Image.Posix;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.RootFs.Image;

/// <summary>
/// What all clients of an image will share and somebody may have meant them to: private keys that no package brings, and the build
/// machine's name for mail. It is told, and stops no build: an overlay may bring it on purpose, and a service may not start without.
/// </summary>
internal static class SharedByAll
{
    private const string MailName = "/etc/mailname";
    private const long LargestKey = 64 << 10;

    // Where scripts of packages and people put what they make. Keys that SSH servers have are refused elsewhere.
    private static readonly string[] Places = ["/etc", "/var/lib", "/usr/local", "/opt", "/srv", "/root", "/home", FlashPaths.Flash];

    /// <summary>A sentence about each.</summary>
    /// <param name="root">The image's root on this machine, absolute.</param>
    /// <param name="machine">The build machine's name.</param>
    public static IEnumerable<string> In(string root, string machine)
    {
        if (NameIn(root) is { Length: > 0 } name && name.Split('.')[0] == machine.Split('.')[0])
        {
            yield return $"all clients get the build machine's name for mail, {name}: {MailName} of an overlay can say another";
        }

        if (Keys(root) is { Count: > 0 } keys)
        {
            yield return $"all clients share the private keys in {string.Join(", ", keys.Select(ByteName.Printable))}, which no package brings as they are";
        }
    }

    private static string? NameIn(string root)
        => FileNode.Find(ContainedPath.Resolve(root, MailName)) is { IsFile: true } file ? File.ReadLines(file.Path).FirstOrDefault()?.Trim() : null;

    private static List<string> Keys(string root)
    {
        // Some of these places may be links into /flash, and lead to what is below it.
        string[] found =
        [
            .. Places.Select(place => ContainedPath.Resolve(root, place)).Distinct().Select(FileNode.Find).Where(node => node is { IsDirectory: true }).SelectMany(node => node!.Value.Below())
                .Where(node => node is { IsFile: true, Size: > 0 and < LargestKey } && node.ReadAllBytes().AsSpan().IndexOf("PRIVATE KEY-----"u8) >= 0)
                .Select(node => node.Path[root.Length..]),
        ];
        if (found.Length == 0)
        {
            return [];
        }

        // A package's file keeps its name when its directory went below /flash.
        var brought = PackageFiles.In(root).ToHashSet(StringComparer.Ordinal);
        return [.. found.Distinct().Where(path => !brought.Contains(FlashPaths.IsBelow(path, FlashPaths.Flash) ? path[FlashPaths.Flash.Length..] : path)).Order(StringComparer.Ordinal)];
    }
}
