using System.Collections.Immutable;
using System.IO.Enumeration;
using Dom0Image.Posix;

namespace Dom0Image.RootFs.Image;

/// <summary>
/// Where an image can hold what must not be shared by all its clients, or came from the build machine. Names may hold
/// <c>*</c> in their last part.
/// </summary>
internal static class SecretPaths
{
    /// <summary>Keys, identities and seeds: none may be left with content.</summary>
    public static readonly ImmutableArray<string> Secrets =
    [
        "/etc/ssh/ssh_host_*",
        "/etc/dropbear/dropbear_*_host_key",
        "/etc/dropbear-initramfs/dropbear_*_host_key",
        "/etc/dropbear/initramfs/dropbear_*_host_key",
        "/etc/machine-id",
        "/var/lib/dbus/machine-id",
        "/var/lib/systemd/random-seed",
        "/var/lib/systemd/credential.secret",
        "/var/lib/urandom/random-seed",
        "/var/lib/random-seed",
        "/var/lib/misc/random-seed",
        "/etc/hostid",
        "/etc/xen/server.key",
    ];

    /// <summary>Traces of the build: caches, logs, histories, backups of account files. None may be left with content.</summary>
    public static readonly ImmutableArray<string> Traces =
    [
        "/var/lib/apt/lists/*",
        "/var/lib/apt/lists/partial/*",
        "/var/cache/apt/*.bin",
        "/var/cache/apt/archives/*.deb",
        "/var/cache/apt/archives/partial/*",
        "/var/cache/ldconfig/aux-cache",
        "/var/log/dpkg.log",
        "/var/log/alternatives.log",
        "/var/log/bootstrap.log",
        "/var/log/apt/*",
        "/root/.bash_history",
        "/root/.lesshst",
        "/root/.viminfo",
        "/etc/passwd-",
        "/etc/shadow-",
        "/etc/group-",
        "/etc/gshadow-",
        "/etc/subuid-",
        "/etc/subgid-",
        "/etc/udev/rules.d/70-persistent-*.rules",
        "/etc/udev/rules.d/z25_persistent-*.rules",
        "/etc/udev/rules.d/z45_persistent-*.rules",
    ];

    /// <summary>What bootstrappers copy from the build machine.</summary>
    public static readonly ImmutableArray<string> Host = ["/etc/resolv.conf", "/etc/hostname"];

    /// <summary>The files of an image that a pattern names, links on the way followed: path in the image, and the node. Directories are left out.</summary>
    public static IEnumerable<(string ImagePath, FileNode Node)> Find(string root, string pattern)
    {
        var parent = ContainedPath.Parent(pattern);
        var name = Path.GetFileName(pattern);
        if (!ContainedPath.Exists(root, parent) || FileNode.Get(ContainedPath.Resolve(root, parent)) is not { IsDirectory: true } directory)
        {
            return [];
        }

        return directory.Children()
            .Where(node => !node.IsDirectory && FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(node.Path), ignoreCase: false))
            .Select(node => ($"{parent}/{Path.GetFileName(node.Path)}", node))
            .ToList();
    }
}
