using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.RootFs.Image;

/// <summary>
/// Takes out of an image what its clients must not share, and sets how root logs in.
/// Files that the flash list names stay, empty, so that their links lead somewhere.
/// </summary>
internal static class SecretRemoval
{
    private const string MachineId = "/etc/machine-id";
    private const string DbusMachineId = "/var/lib/dbus/machine-id";

    /// <summary>Cleans a relocated image. Needs root's rights; a second run changes nothing.</summary>
    /// <param name="root">The image's root on this machine, absolute.</param>
    /// <param name="recipe">What the image is.</param>
    /// <param name="site">Says how root logs in.</param>
    /// <exception cref="BuildFailedException">The image has no account of root's, or the flash list would hide its keys.</exception>
    public static void Apply(string root, Recipe recipe, Site site)
    {
        Clean(root, recipe);
        RootAccount.Set(root, recipe.Flash, site.RootLogin);
    }

    /// <summary>Cleans an image alone, whose root logs in as was said.</summary>
    public static void Clean(string root, Recipe recipe)
    {
        foreach (var pattern in SecretPaths.Secrets.AddRange(SecretPaths.Traces))
        {
            foreach (var (imagePath, node) in SecretPaths.Find(root, pattern))
            {
                Forget(root, recipe.Flash, imagePath, node);
            }
        }

        ShareMachineId(root, recipe);
    }

    /// <summary>
    /// Deletes what bootstrappers copy from the build machine (host name, name servers). For a base layer, before
    /// overlays: what an overlay brings later is meant, also where this machine has the same.
    /// </summary>
    public static void RemoveHostFiles(string root)
    {
        foreach (var (_, node) in SecretPaths.Host.SelectMany(path => SecretPaths.Find(root, path)))
        {
            FileChange.Delete(node.Path);
        }
    }

    private static void Forget(string root, FlashList list, string imagePath, FileNode node)
    {
        // A link of the relocation: what it leads to counts. Any other link holds no secret itself.
        if (node.IsLink && node.Target == FlashPaths.Moved(imagePath))
        {
            if (FileNode.Find(ContainedPath.ResolveName(root, node.Target)) is { } moved)
            {
                Forget(root, list, imagePath, moved);
            }
        }
        else if (node.IsFile && (IsListed(list, imagePath) || imagePath == MachineId))
        {
            if (node.Size > 0)
            {
                FileChange.ReplaceContent(node, "");
            }
        }
        else if (!node.IsLink)
        {
            FileChange.Delete(node.Path);
        }
    }

    private static bool IsListed(FlashList list, string imagePath) => list.Entries.Any(entry => entry.Path == imagePath);

    // One id for a client: D-Bus takes the system's. systemd wants the file there, if empty.
    private static void ShareMachineId(string root, Recipe recipe)
    {
        if (recipe.Init == InitSystem.Systemd && !ContainedPath.Exists(root, MachineId))
        {
            FileChange.MakeFile(ContainedPath.Resolve(root, MachineId), [], 0b100_100_100);
        }

        var name = ContainedPath.ResolveName(root, DbusMachineId);
        if (!IsListed(recipe.Flash, DbusMachineId) && ContainedPath.Exists(root, MachineId)
            && FileNode.Find(Path.GetDirectoryName(name)!) is { IsDirectory: true } && FileNode.Find(name) is null)
        {
            FileChange.MakeLink(name, MachineId);
        }
    }
}
