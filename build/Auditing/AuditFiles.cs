using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dom0Image.Archive;
using Dom0Image.BootLab;
using Dom0Image.Generations;
using Dom0Image.Store;
using Dom0Image.Xen.Guest;

namespace Dom0Image.Auditing;

/// <summary>
/// Turns the files of a lab into those of a write audit: every menu loads one RAM disk more, whose first program lays a
/// tree in RAM over the root. Kernel, command line and image stay what they are.
/// </summary>
internal static partial class AuditFiles
{
    /// <summary>Where an audited client has the tree in RAM; a directory of every Debian root that nothing writes to.</summary>
    public const string Place = "/media";

    private const string RamDisk = "/audit/initrd";

    /// <summary>Adds the RAM disk and names it in all menus.</summary>
    /// <param name="files">Files that nobody serves yet.</param>
    /// <param name="server">Address of the boot server.</param>
    public static void Add(LabFiles files, IPAddress server)
    {
        var archive = files.TftpArea + RamDisk;
        Directory.CreateDirectory(Path.GetDirectoryName(archive)!);
        NewcArchive.Write(
            archive,
            ["bin", "dev", "proc", "lower", "audit", "new"],
            [
                ("bin/busybox", File.ReadAllBytes(GuestDisk.Busybox)),
                ("init", Encoding.UTF8.GetBytes(Script("audit-init.sh").Replace("bb=/bin/busybox\n", $"bb=/bin/busybox\nAUDIT_PLACE={Place}\n", StringComparison.Ordinal))),
                ("watch.py", Encoding.UTF8.GetBytes(Script("watch.py"))),
            ]);
        var menus = files.TftpArea + Places.Menus[Places.Tftp.Length..];
        foreach (var menu in Directory.EnumerateFiles(menus, "*.conf", SearchOption.AllDirectories).Where(m => new FileInfo(m).LinkTarget is null))
        {
            File.WriteAllText(menu, WithRamDisk(File.ReadAllText(menu), server));
        }
    }

    /// <summary>A menu of ours that loads the RAM disk too.</summary>
    internal static string WithRamDisk(string menu, IPAddress server)
    {
        var command = menu.Contains("multiboot2 ", StringComparison.Ordinal) ? "module2 --nounzip" : "initrd";
        return Boot().Replace(menu, $"$1{command} (tftp,{server}){RamDisk}\n$1boot");
    }

    /// <summary>A script of the audit, as it is in the program.</summary>
    internal static string Script(string name) => EmbeddedText.Of($"Auditing/{name}");

    [GeneratedRegex("^( +)boot$", RegexOptions.Multiline)]
    private static partial Regex Boot();
}
