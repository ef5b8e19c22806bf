using System.Globalization;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Xen.Guest;

/// <summary>The disk image of the example guest: busybox and an init script on ext4.</summary>
internal static class GuestDisk
{
    /// <summary>Host program that the disk is filled with; from Debian's <c>busybox-static</c>.</summary>
    public const string Busybox = "/usr/bin/busybox";

    private const int Megabytes = 8;

    /// <summary>The guest's first program.</summary>
    public static string Init { get; } = EmbeddedText.Of("Xen/guest-init.sh");

    /// <summary>Makes the image.</summary>
    /// <param name="disk">Path of the image.</param>
    /// <param name="work">An existing directory for the tree it is made from.</param>
    /// <param name="context">Tools.</param>
    public static async Task MakeAsync(string disk, string work, StageContext context)
    {
        var tree = Path.Combine(work, "tree");
        foreach (var name in new[] { "bin", "dev", "proc", "sys", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(tree, name));
        }

        File.Copy(Busybox, Path.Combine(tree, "bin", "busybox"));
        File.SetUnixFileMode(Path.Combine(tree, "bin", "busybox"), PublicModes.Program);
        var init = Path.Combine(tree, "init");
        await File.WriteAllTextAsync(init, Init, context.Cancellation).ConfigureAwait(false);
        File.SetUnixFileMode(init, PublicModes.Program);
        var applets = new List<string>();
        await context.RunAsync(new ToolCommand(Busybox, "--list"), applets.Add).ConfigureAwait(false);
        foreach (var applet in applets.Select(a => a.Trim()).Where(a => a.Length > 0 && a != "busybox"))
        {
            File.CreateSymbolicLink(Path.Combine(tree, "bin", applet), "busybox");
        }

        // Owned by root whoever builds; the same image for the same busybox.
        await context.RunAsync(new ToolCommand(
            "mke2fs", "-q", "-t", "ext4", "-E", "root_owner=0:0", "-L", "example", "-d", tree,
            disk, string.Create(CultureInfo.InvariantCulture, $"{Megabytes}M"))).ConfigureAwait(false);
        Directory.Delete(tree, recursive: true);
    }

    /// <summary>Refuses a host that lacks what the disk is made of.</summary>
    public static void Require()
    {
        if (!File.Exists(Busybox))
        {
            throw new BuildFailedException(new Diagnostic($"the example guest needs {Busybox}") { Hint = "Install busybox-static" });
        }
    }
}
