using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.RootFs;

/// <summary>Checks that an image holds nothing that its clients must not share, and that each can have its own.</summary>
internal static class SecretChecks
{
    /// <summary>What is wrong.</summary>
    public static IEnumerable<Finding> Check(string root, Recipe recipe, Site site)
    {
        foreach (var (path, node) in SecretPaths.Secrets.SelectMany(pattern => SecretPaths.Find(root, pattern)))
        {
            // Links of the relocation lead to files that are looked at below /flash.
            if (node.IsFile ? node.Status.st_size > 0 : node.IsLink && HasContent(root, path))
            {
                yield return new Finding("secret", path, "holds a key, an identity or a seed that all clients would share", "It is removed when the image is built; what made it again ran too late");
            }
        }

        foreach (var (path, node) in SecretPaths.Traces.SelectMany(pattern => SecretPaths.Find(root, pattern)))
        {
            if (node is { IsFile: true, Status.st_size: > 0 })
            {
                yield return new Finding("trace", path, "is a cache, log or history of the build", "It is removed when the image is built; what made it again ran too late");
            }
        }

        foreach (var path in SecretPaths.Host.Where(path => SecretRemoval.IsThisMachines(root, path)))
        {
            yield return new Finding("trace", path, "is the build machine's own", "It is removed when the image is built; what made it again ran too late");
        }

        if (ContainedPath.Exists(root, "/etc/machine-id") && FlashPaths.Covering(recipe.Flash, "/etc/machine-id") is null)
        {
            yield return new Finding("shared-identity", "/etc/machine-id", "is not writable on the clients, which would have no machine-id of their own", "Add it to the recipe's flash list: file, mode 0444, empty");
        }

        if (RootAccount.PasswordField(root) == "" && !site.RootLogin.EmptyPasswordAllowed)
        {
            yield return new Finding("empty-password", "/etc/shadow", "lets root log in without a password, and the site does not say so", "Give the site a password hash or a key for root");
        }
    }

    private static bool HasContent(string root, string imagePath)
        => ContainedPath.Exists(root, imagePath) && FileNode.Find(ContainedPath.Resolve(root, imagePath)) is { IsFile: true, Status.st_size: > 0 };
}
