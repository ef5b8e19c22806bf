using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Boot;

/// <summary>Command lines of the hypervisor and of the kernel for a profile. The profile's own options come last, so they win.</summary>
internal static class ProfileCommandLines
{
    private const int SecondsBeforeReboot = 10;

    /// <summary>
    /// What fits a tree that never changes: files are not asked about at each open (nocto) nor again later (actimeo: a day), and
    /// blocks are as large as both ends take. No 'lock': the root is read-only, and nothing in the client could answer a lock
    /// manager that early.
    /// </summary>
    public const string NfsOptions = "vers=3,tcp,nolock,nocto,actimeo=86400,rsize=1048576";

    /// <summary>Xen's options.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="microcode">Whether microcode is among its modules, where it then looks for it.</param>
    public static IEnumerable<string> Xen(BootProfile profile, bool microcode)
    {
        IEnumerable<string> memory = profile.Dom0Memory is { } option ? [$"{option}"] : [];
        IEnumerable<string> consoles = profile.Serial is { } line ? [$"com{line.Port + 1}={line.Speed},8n1", $"console=com{line.Port + 1},vga"] : ["console=vga"];
        return [.. memory, .. microcode ? ["ucode=scan"] : Array.Empty<string>(), .. consoles, .. profile.XenOptions.Select(o => $"{o}")];
    }

    /// <summary>The kernel's options: the root of the generation over NFS, consoles, and a reboot after a panic.</summary>
    public static IEnumerable<string> Kernel(Site site, BootProfile profile, string generation, BootHost? host = null)
    {
        IEnumerable<string> consoles = profile.Serial switch
        {
            null => ["console=tty0"],
            _ when profile.Xen => ["console=tty0", "console=hvc0"],
            var line => ["console=tty0", $"console=ttyS{line.Port},{line.Speed}n8"],
        };

        var root = $"nfsroot={site.BootServer}:{Places.RootOf(generation)},{NfsOptions}";
        IEnumerable<string> ours = [.. consoles, RootCard.Ip(host), "root=/dev/nfs", root, "ro", $"panic={SecondsBeforeReboot}"];
        return [.. ours.Where(o => !IsReplaced(o, profile)), .. Images(site, profile), .. profile.KernelOptions.Select(o => $"{o}")];
    }

    // For overlays/xen, which mounts the images. A kernel takes a word with a dot for a module's.
    private static IEnumerable<string> Images(Site site, BootProfile profile) => (profile.Xen, site.Images) switch
    {
        (true, ImagesExport.ReadOnly) => ["dom0.imgs=read-only"],
        (true, ImagesExport.None) => ["dom0.imgs=none"],
        _ => [],
    };

    private static bool IsReplaced(string ours, BootProfile profile)
        => ours.Split('=')[0] is ("ip" or "panic" or "console") and var name && profile.KernelOptions.Any(o => o.Name == name);
}
