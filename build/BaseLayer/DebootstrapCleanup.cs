using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.BaseLayer;

/// <summary>Takes out of a fresh root what mmdebstrap would not have left there, and what the recipe leaves out.</summary>
internal static class DebootstrapCleanup
{
    private static readonly string[] Logs =
    [
        "var/log/bootstrap.log", "var/log/dpkg.log", "var/log/alternatives.log", "var/log/apt/history.log", "var/log/apt/term.log",
        "var/cache/ldconfig/aux-cache", "etc/resolv.conf", "etc/hostname",
    ];

    private static readonly string[] EmptiedDirectories = ["var/cache/apt/archives", "var/lib/apt/lists", "tmp", "run"];

    /// <summary>Cleans the root at <paramref name="root"/>, which nothing is mounted in.</summary>
    public static void Run(string root, Recipe recipe)
    {
        foreach (var file in Logs.Select(name => Path.Combine(root, name)).Concat(HostKeys(root)))
        {
            SafeDelete.Tree(file);
        }

        foreach (var entry in EmptiedDirectories.Select(name => Path.Combine(root, name)).Where(IsOwnDirectory).SelectMany(directory => FileNode.Get(directory).Children()))
        {
            if (entry.Name is not "lock")
            {
                SafeDelete.Tree(entry.Path);
            }
        }

        LeaveOut(root, recipe);
    }

    private static void LeaveOut(string root, Recipe recipe)
    {
        var settings = BaseLayerPackages.DpkgSettings(recipe);
        foreach (var line in settings.Split('\n').Where(line => line.StartsWith("path-exclude=", StringComparison.Ordinal)))
        {
            var directory = Path.Combine(root, line["path-exclude=".Length..].TrimEnd('*').Trim('/'));
            if (IsOwnDirectory(directory))
            {
                foreach (var file in FileNode.Get(directory).Below().Where(file => !file.IsDirectory && file.Name != "copyright").ToList())
                {
                    SafeDelete.Tree(file.Path);
                }
            }
        }

        var target = Path.Combine(root, "etc/dpkg/dpkg.cfg.d");
        if (settings.Length > 0)
        {
            Directory.CreateDirectory(target);
            File.WriteAllText(Path.Combine(target, "01dom0image"), settings);
        }
    }

    private static IEnumerable<string> HostKeys(string root)
        => Directory.Exists(Path.Combine(root, "etc/ssh")) ? Directory.EnumerateFiles(Path.Combine(root, "etc/ssh"), "ssh_host_*") : [];

    private static bool IsOwnDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };
}
