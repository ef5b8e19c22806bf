using System.Globalization;
using System.Text;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.Benchmarks;

/// <summary>
/// The RAM tree as it was built in 2008, for comparison: a process for each directory and each mode, and a copy of what has
/// content. It gives the same tree as the image's own script, and leaves the same marks on the console.
/// </summary>
internal static class HowtoRamTree
{
    private const int DefaultDirectoryMode = 0b111_101_101;

    /// <summary>The script.</summary>
    /// <param name="flash">The flash list.</param>
    /// <param name="root">The image's root on this machine; its directories are what entries that start as a tree have.</param>
    public static string Script(FlashList flash, string root)
    {
        var script = new StringBuilder(Head(flash));
        var made = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var entry in flash.Entries)
        {
            Add(script, made, entry, root);
        }

        return script.Append(Tail).ToString();
    }

    /// <summary>A script that leaves the marks and makes nothing.</summary>
    public static string Nothing => Header + Marks + "mark start\nmark ready\n";

    private static void Add(StringBuilder script, HashSet<string> made, FlashEntry entry, string root)
    {
        MakeParents(script, made, entry.Path);
        var place = $"\"$aside\"{ShellWord.Quote(entry.Path)}";
        switch (entry)
        {
            case { Start: FlashStart.Content, Kind: FlashKind.Directory }:
                made.Add(entry.Path);
                script.AppendLine(CultureInfo.InvariantCulture, $"cp -a {ShellWord.Quote(FlashPaths.Moved(entry.Path))} {place}");
                break;
            case { Start: FlashStart.Content, Kind: FlashKind.File }:
                script.AppendLine(CultureInfo.InvariantCulture, $"cp -a {ShellWord.Quote(FlashPaths.Moved(entry.Path))} {place}");
                break;
            case { Kind: FlashKind.Directory }:
                Make(script, made, entry.Path, entry.Mode, $"{entry.Owner}:{entry.Group}");
                if (entry.Start == FlashStart.Tree)
                {
                    AddTree(script, made, entry.Path, root);
                }

                break;
            case { Kind: FlashKind.File }:
                script.AppendLine(CultureInfo.InvariantCulture, $"touch {place}");
                script.AppendLine(CultureInfo.InvariantCulture, $"chmod {OctalMode.Of(entry.Mode)} {place}");
                script.AppendLine(CultureInfo.InvariantCulture, $"chown '{entry.Owner}:{entry.Group}' {place}");
                break;
            default:
                script.AppendLine(CultureInfo.InvariantCulture, $"ln -s {ShellWord.Quote(entry.Target!)} {place}");
                break;
        }
    }

    private static void AddTree(StringBuilder script, HashSet<string> made, string path, string root)
    {
        var directory = root + FlashPaths.Moved(path);
        foreach (var below in FileNode.Get(directory).Below().Where(node => node.IsDirectory))
        {
            Make(script, made, path + below.Path[directory.Length..], below.Mode, $"{below.Uid}:{below.Gid}");
        }
    }

    private static void MakeParents(StringBuilder script, HashSet<string> made, string path)
    {
        var parent = path[..path.LastIndexOf('/')];
        if (!made.Contains(parent))
        {
            MakeParents(script, made, parent);
            Make(script, made, parent, DefaultDirectoryMode, "0:0");
        }
    }

    private static void Make(StringBuilder script, HashSet<string> made, string path, int mode, string owner)
    {
        var place = $"\"$aside\"{ShellWord.Quote(path)}";
        if (made.Add(path))
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"mkdir {place}");
        }

        script.AppendLine(CultureInfo.InvariantCulture, $"chmod {OctalMode.Of(mode)} {place}");
        if (owner is not ("0:0" or "root:root"))
        {
            script.AppendLine(CultureInfo.InvariantCulture, $"chown {owner} {place}");
        }
    }

    private static string Head(FlashList flash) => Header + Marks + $$"""
        aside={{FlashPaths.Aside}}
        mark start
        mount -n -t tmpfs -o size={{flash.SizeLimit}},mode=0755,nosuid,nodev tmpfs "$aside"

        """;

    private const string Header = """
        #!/bin/sh
        ### BEGIN INIT INFO
        # Provides:          dom0-ramtree
        # Required-Start:    mountkernfs
        # Required-Stop:
        # X-Start-Before:    udev hostname mountdevsubfs checkroot
        # Default-Start:     S
        # Default-Stop:
        ### END INIT INFO

        """;

    private const string Marks = """
        PATH=/sbin:/bin:/usr/sbin:/usr/bin
        [ "$1" = start ] || exit 0
        mark() {
            read -r up _ </proc/uptime
            echo "dom0-ramtree: $1 $up"
            echo "<7>dom0-ramtree: $1 $up" >/dev/kmsg
        }

        """;

    private const string Tail = """
        mount --make-private / 2>/dev/null
        mount -n --move "$aside" /flash
        mark ready

        """;
}
