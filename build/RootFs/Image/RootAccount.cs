using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;

namespace Dom0Image.RootFs.Image;

/// <summary>How root logs in to an image: the password's hash and the SSH keys, as a site says.</summary>
internal static class RootAccount
{
    private const string Shadow = "/etc/shadow";
    private const string KeyDirectory = "/root/.ssh";

    // No password can have it, while keys still log in.
    private const string NoPassword = "*";

    /// <summary>Writes it to /etc/shadow and /root/.ssh/authorized_keys, wherever these are.</summary>
    public static void Set(string root, FlashList list, RootLogin login)
    {
        SetPassword(root, login.PasswordHash?.ToString() ?? (login.EmptyPasswordAllowed ? "" : NoPassword));
        if (login.AuthorizedKeys.Length > 0)
        {
            RequireKept(list, KeyDirectory + "/authorized_keys");
            SetKeys(root, string.Concat(login.AuthorizedKeys.Select(key => key.Trim() + "\n")));
        }
    }

    private static void SetPassword(string root, string field)
    {
        var path = ContainedPath.Resolve(root, Shadow);
        if (FileNode.Find(path) is not { IsFile: true } shadow || !PasswordFields.Read(File.ReadLines(path)).Any(user => user.User == "root"))
        {
            throw new BuildFailedException(new Diagnostic($"the image's {Shadow} has no line for root") { Hint = "Is the base layer whole? Look at its packages: passwd and base-passwd make it" });
        }

        var content = PasswordFields.Replace(File.ReadLines(path), "root", field);
        if (content != File.ReadAllText(path))
        {
            FileChange.ReplaceContent(shadow, content);
        }
    }

    private static void SetKeys(string root, string keys)
    {
        var directory = ImageDirectory.Ensure(root, KeyDirectory);
        FileChange.SetOwner(directory, 0, 0);
        FileChange.SetMode(directory, 0b111_000_000);
        var file = ContainedPath.Resolve(root, KeyDirectory + "/authorized_keys");
        FileChange.Delete(file);
        FileChange.MakeFile(file, System.Text.Encoding.UTF8.GetBytes(keys), 0b110_000_000);
        FileChange.SetOwner(file, 0, 0);
    }

    private static void RequireKept(FlashList list, string imagePath)
    {
        if (FlashPaths.Covering(list, imagePath) is { } entry && entry.Start != FlashStart.Content)
        {
            throw new BuildFailedException(new Diagnostic($"the site's SSH keys for root are in {imagePath}, and {entry.Path} starts without the image's files on the clients")
            {
                Where = entry.Where,
                Expected = "start: content",
            });
        }
    }
}
