using Dom0Image.Diagnostics;
using Dom0Image.Posix;

namespace Dom0Image.RootFs.Image;

/// <summary>Resolves paths of an image the way a process inside it would: absolute links start at the image's root, and <c>..</c> stops there.</summary>
internal static class ContainedPath
{
    /// <summary>As many links as Linux follows on the way to a file: MAXSYMLINKS of its include/linux/namei.h.</summary>
    internal const int LinkLimit = 40;

    /// <summary>Where an image's path is on this machine, every link on the way and at its end followed. The rest of a path that is not there is taken as it stands.</summary>
    /// <param name="root">The image's root on this machine; absolute.</param>
    /// <param name="imagePath">Path in the image; absolute.</param>
    /// <returns><paramref name="root"/> or a path below it.</returns>
    /// <exception cref="BuildFailedException">The links go round in circles.</exception>
    public static string Resolve(string root, string imagePath) => OnDisk(root, ResolveInImage(root, imagePath));

    /// <summary>As <see cref="Resolve"/>, but a link at the path's end is not followed: the place of the name itself.</summary>
    public static string ResolveName(string root, string imagePath)
    {
        var name = Path.GetFileName(imagePath.TrimEnd('/'));
        return name is "" or "." or ".."
            ? Resolve(root, imagePath)
            : Path.Join(Resolve(root, imagePath[..^(imagePath.Length - imagePath.TrimEnd('/').LastIndexOf('/'))]), name);
    }

    /// <summary>As <see cref="Resolve"/>, as a path in the image without links, <c>.</c> or <c>..</c> in it.</summary>
    public static string ResolveInImage(string root, string imagePath)
    {
        var left = new Stack<string>();
        Push(left, imagePath);
        var here = "";
        var links = 0;
        while (left.TryPop(out var name))
        {
            if (name == "..")
            {
                here = Parent(here);
                continue;
            }

            var next = $"{here}/{name}";
            if (FileNode.Find(root + next) is not { IsLink: true } link)
            {
                here = next;
                continue;
            }

            if (++links > LinkLimit)
            {
                throw new BuildFailedException(new Diagnostic($"'{imagePath}' leads through too many links, or in circles, in the image")
                {
                    Hint = $"Look at the link {next}",
                });
            }

            var target = link.Target;
            here = target.StartsWith('/') ? "" : here;
            Push(left, target);
        }

        return here.Length == 0 ? "/" : here;
    }

    /// <summary>Whether something is at an image's path when its links are followed; also false when they go in circles.</summary>
    public static bool Exists(string root, string imagePath)
    {
        try
        {
            return FileNode.Find(Resolve(root, imagePath)) is not null;
        }
        catch (BuildFailedException)
        {
            return false;
        }
    }

    /// <summary>A path without links in it, put below the root.</summary>
    internal static string OnDisk(string root, string resolved) => resolved == "/" ? root : root + resolved;

    /// <summary>The directory of a path without links; <c>""</c> for those directly in the root, and for the root.</summary>
    internal static string Parent(string path) => path.Length == 0 ? "" : path[..path.LastIndexOf('/')];

    /// <summary>Puts the names of a path on those that are still to be walked, the first on top.</summary>
    internal static void Push(Stack<string> left, string path)
    {
        foreach (var name in path.Split('/').Reverse())
        {
            if (name is not ("" or "."))
            {
                left.Push(name);
            }
        }
    }
}
