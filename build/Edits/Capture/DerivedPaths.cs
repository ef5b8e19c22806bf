using System.Collections.Immutable;
using System.IO.Enumeration;
using Dom0Image.Generations;

namespace Dom0Image.Edits.Capture;

/// <summary>What programs make of something else: it is made again, and is no edit. Settings that have a name are kept by that.</summary>
internal static class DerivedPaths
{
    // A star stands for anything, slashes included; what is below a pattern is meant, too.
    private static readonly ImmutableArray<string> Patterns =
    [
        "/var/lib/dpkg", "/var/lib/apt", "/var/lib/ucf", "/var/lib/aptitude",
        "/var/cache", "/var/log", "/var/tmp", "/var/backups", "/tmp", "/run", "/var/run", "/var/lock", "/dev", "/proc", "/sys",
        "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/passwd-", "/etc/shadow-", "/etc/group-", "/etc/gshadow-",
        "/etc/subuid", "/etc/subgid", "/etc/subuid-", "/etc/subgid-", "/etc/.pwd.lock", "/etc/mtab",
        "/etc/ld.so.cache", "/etc/alternatives", "/etc/rc?.d", "/etc/init.d/.depend.*", "/var/lib/insserv",
        "/etc/systemd/*.wants", "/etc/systemd/*.requires", "/var/lib/systemd/deb-systemd-*", "/var/lib/systemd/catalog",
        "/boot/initrd*", "/var/lib/initramfs-tools", "/lib/modules/*/modules.*", "/usr/lib/modules/*/modules.*",
        "*/__pycache__", "*.pyc", "/usr/share/info/dir", "/usr/share/mime/*.cache", "/usr/share/icons/*/icon-theme.cache",
        "/usr/share/glib-2.0/schemas/gschemas.compiled", "/usr/lib/locale/locale-archive", "/var/lib/man-db", "/root/.cache", "/home/*/.cache",
        // Made anew from the flash list.
        "/usr/lib/dom0image",
    ];

    /// <summary>Whether a path is derived.</summary>
    /// <param name="path">With the name from before the move below <c>/flash</c>.</param>
    public static bool Has(string path) => Patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false) || FileSystemName.MatchesSimpleExpression($"{pattern}/*", path, ignoreCase: false));

    /// <summary>Whether something is a link that update-alternatives or systemctl makes: to the choice, or to a unit by another name.</summary>
    /// <param name="path">With the name from before the move below <c>/flash</c>.</param>
    /// <param name="entry">What stands there, or stood.</param>
    public static bool IsLinkOfTools(string path, ManifestEntry entry)
        => entry.Target is { } target
            && (target.StartsWith("/etc/alternatives/", StringComparison.Ordinal)
                || (path.StartsWith("/etc/systemd/system/", StringComparison.Ordinal) && (target.StartsWith("/usr/lib/systemd/system/", StringComparison.Ordinal) || target.StartsWith("/lib/systemd/system/", StringComparison.Ordinal))));
}
