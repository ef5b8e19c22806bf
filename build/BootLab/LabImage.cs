using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.RootFs.Image;
using Dom0Image.Store;

namespace Dom0Image.BootLab;

/// <summary>
/// A copy of a generation's root that the lab serves. It differs from the original in one file, <c>/etc/shadow</c>: the
/// lab knows root's password there. A copy and not a mount over that file, because nfs-ganesha finds files by handles, which
/// lead past such mounts; and no overlay, whose directories' handles it cannot open.
/// </summary>
internal static class LabImage
{
    /// <summary>Copies a root.</summary>
    /// <param name="generation">The original; it is only read.</param>
    /// <param name="directory">Directory that stands for <see cref="Places.Generations"/>; gets the copy.</param>
    /// <param name="context">Tools.</param>
    /// <returns>The copy's root.</returns>
    public static async Task<string> CopyAsync(GenerationTree generation, string directory, StageContext context)
    {
        var root = RootOf(generation, directory);
        var copy = Path.GetDirectoryName(root)!;
        Directory.CreateDirectory(copy);
        await context.RunAsync(new ToolCommand("cp", "-a", "--reflink=auto", "--", generation.Root, copy)).ConfigureAwait(false);

        // Hard links to it, if any, keep what the image has.
        var shadow = FileNode.Get(ContainedPath.Resolve(root, "/etc/shadow"));
        FileChange.ReplaceContent(shadow, LabLogin.Shadow(File.ReadLines(shadow.Path)));
        return root;
    }

    /// <summary>Where the copy's root is.</summary>
    internal static string RootOf(GenerationTree generation, string directory) => Path.Combine(directory, generation.Id, "root");
}
