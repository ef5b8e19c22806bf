using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Xen;

/// <summary>
/// Xen's own script for disks, <c>/etc/xen/scripts/block</c>, made to attach files by <c>attach-image</c> of <c>overlays/xen</c>, which
/// takes the NFS server's lock. The script knows only the guests of its own client. The other way to a disk that is a file is QEMU,
/// which locks it by itself.
/// </summary>
internal static partial class BlockScript
{
    private const string Script = "/etc/xen/scripts/block";

    private const string Attacher = "/usr/lib/dom0image/attach-image";

    /// <summary>Edits it, in an image that has both.</summary>
    /// <param name="root">The image's root.</param>
    /// <exception cref="BuildFailedException">The script attaches files in another way than is known.</exception>
    public static void Apply(string root)
    {
        var script = ContainedPath.Resolve(root, Script);
        if (!File.Exists(script) || !File.Exists(ContainedPath.Resolve(root, Attacher)))
        {
            return;
        }

        var text = File.ReadAllText(script);
        if (Attaching().Count(text) != 1)
        {
            throw new BuildFailedException(new Diagnostic($"'{Script}' of the image attaches files to loop devices in a way that is not known")
            {
                Expected = "one line 'do_or_die losetup $roflag \"$loopdev\" \"$file\"', as Xen 4.14 to 4.20 have it",
                Hint = "Without it a domain's disk could be used on two clients at once. Leave overlays/xen out, or report the version of xen-utils.",
            });
        }

        // Written over, not anew: owner and mode stay.
        File.WriteAllText(script, Attaching().Replace(text, line =>
            $"{line.Groups["indent"].Value}if ! said=$({Attacher} {line.Groups["arguments"].Value} 2>&1); then release_lock \"block\"; ebusy \"$said\"; fi"));
    }

    [GeneratedRegex("^(?<indent>[ \t]*)do_or_die losetup (?<arguments>(\\$roflag )?\"\\$loopdev\" \"\\$file\")$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Attaching();
}
