using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;
using Dom0Image.RootFs.RamTree;

namespace Dom0Image.Verification;

/// <summary>Checks that an image holds nothing that its clients must not share, and that each can have its own.</summary>
internal sealed class SecretRule : IImageRule
{
    private const string MachineId = "/etc/machine-id";
    private const string TooLate = "It is removed when the image is built; what made it again ran too late";

    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedImage image)
    {
        var (root, recipe) = (image.Root, image.Recipe);
        foreach (var (path, node) in SecretPaths.Secrets.SelectMany(pattern => SecretPaths.Find(root, pattern)))
        {
            // Links of the relocation lead to files that are looked at below /flash.
            if (node.IsFile ? node.Size > 0 : node.IsLink && HasContent(root, path))
            {
                yield return new Finding(FindingKind.Secret, path, "holds a key, an identity or a seed that all clients would share", TooLate);
            }
        }

        foreach (var (path, node) in SecretPaths.Traces.SelectMany(pattern => SecretPaths.Find(root, pattern)))
        {
            if (node is { IsFile: true, Size: > 0 })
            {
                yield return new Finding(FindingKind.BuildTrace, path, "is a cache, log or history of the build", TooLate);
            }
        }

        foreach (var path in SecretPaths.Host.Where(path => IsThisMachines(root, path) && !image.Overlays.Any(overlay => File.Exists(overlay + path))))
        {
            yield return new Finding(FindingKind.BuildMachinesFile, path, "is the build machine's own", TooLate);
        }

        if (!ContainedPath.Exists(root, MachineId))
        {
            if (recipe.Init == InitSystem.Systemd)
            {
                yield return new Finding(FindingKind.MachineIdMissing, MachineId, "is not there: systemd puts a client's id over it, and takes each boot for the first one", "It is made, empty, when the image is built; what deleted it ran too late");
            }
        }
        else if (FlashPaths.Covering(recipe.Flash, MachineId) is null)
        {
            yield return new Finding(FindingKind.MachineIdNotWritable, MachineId, "is not writable on the clients, which would have no machine-id of their own", "Add it to the recipe's flash list: file, mode 0444, empty");
        }

        if (ContainedPath.Exists(root, "/usr/sbin/sshd") && RamTreeScripts.HostKeyTypes(recipe.Flash).Length == 0)
        {
            yield return new Finding(FindingKind.HostKeysNotWritable, "/etc/ssh", "is not writable on the clients, and their SSH server would have no host keys of its own", "Add it to the recipe's flash list: a directory that starts with content");
        }
    }

    private static bool IsThisMachines(string root, string imagePath)
    {
        var path = ContainedPath.Resolve(root, imagePath);
        return FileNode.Find(path) is { IsFile: true, Size: > 0 } && File.Exists(imagePath) && File.ReadAllText(path).Trim() == File.ReadAllText(imagePath).Trim();
    }

    private static bool HasContent(string root, string imagePath)
        => ContainedPath.Exists(root, imagePath) && FileNode.Find(ContainedPath.Resolve(root, imagePath)) is { IsFile: true, Size: > 0 };
}
