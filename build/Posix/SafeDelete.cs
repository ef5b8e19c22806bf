using Dom0Image.Diagnostics;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>
/// Deletes trees of ours as root without ever reaching anything else: links are removed and not followed, and a tree in
/// which something is mounted is left alone as a whole.
/// </summary>
internal static class SafeDelete
{
    /// <summary>Deletes a file, a link or a directory with all that is in it; one that is not there is no error.</summary>
    /// <param name="path">Absolute path.</param>
    /// <exception cref="BuildFailedException">Something is mounted at it or below it; nothing was deleted.</exception>
    /// <exception cref="IOException">The system refused; part may be deleted.</exception>
    public static void Tree(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path.Trim('/'));
        if (FileNode.Find(path) is not { } node)
        {
            return;
        }

        if (!node.IsDirectory)
        {
            Remove(path, Syscall.unlink);
            return;
        }

        RefuseMounts(path);
        DeleteDirectory(path, node.FileSystem, null);
    }

    /// <summary>As <see cref="Tree"/>; what cannot go is renamed, so that its name is free and no later run takes it up.</summary>
    /// <returns>What to tell when it could not be deleted.</returns>
    public static Diagnostic? TreeOrSetAside(string path)
    {
        try
        {
            Tree(path);
            return null;
        }
        catch (Exception problem) when (problem is IOException or BuildFailedException)
        {
            var (stays, hint) = SetAside(path) is { } aside ? ($"it is set aside as '{aside}'", "See what keeps it (mount, lsattr), and delete it by hand") : ("it stays", "See what keeps it (mount, lsattr)");
            return new Diagnostic($"{problem.Message.TrimEnd('.')}; {stays}") { Hint = hint };
        }
    }

    /// <summary>Deletes what can be deleted of a tree that the next run takes up again.</summary>
    public static void Quietly(string path)
    {
        try
        {
            Tree(path);
        }
        catch (Exception problem) when (problem is IOException or BuildFailedException)
        {
        }
    }

    /// <summary>Whether a name is one of those that <see cref="TreeOrSetAside"/> gives.</summary>
    public static bool IsSetAside(string name) => name.StartsWith(AsidePrefix, StringComparison.Ordinal);

    private const string AsidePrefix = ".set-aside-";

    // Null when it cannot be renamed either.
    private static string? SetAside(string path)
    {
        var aside = Path.Join(Path.GetDirectoryName(path), $"{AsidePrefix}{Guid.NewGuid():N}");
        try
        {
            Durable.Rename(path, aside);
            return aside;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // A bind mount has the device number of its file system, so that numbers alone would not tell it.
    /// <summary>Sees that nothing is mounted in a tree.</summary>
    /// <exception cref="BuildFailedException">Something is; names it.</exception>
    internal static void RefuseMounts(string path)
    {
        var mounts = MountTable.Below(RealPath(path));
        if (mounts.Count > 0)
        {
            throw new BuildFailedException(new Diagnostic($"'{path}' is not deleted, because something is mounted in it: {string.Join(", ", mounts)}")
            {
                Hint = $"See what it is, then: umount {mounts[^1]}",
            });
        }
    }

    private static void DeleteDirectory(string directory, ulong device, string? parent)
    {
        // Read as a whole first: deleting while a directory is read may hide entries on some file systems.
        foreach (var (name, type) in DirectoryNames.Read(directory, follow: false))
        {
            var path = $"{directory}/{name}";
            if (type is not (ListedType.Directory or ListedType.Unknown) || FileNode.Get(path) is not { IsDirectory: true } below)
            {
                Remove(path, Syscall.unlink, directory);
            }
            else if (below.FileSystem != device)
            {
                throw PosixFailure.Of(Errno.EXDEV, $"'{path}' is not deleted, because it is on another file system");
            }
            else
            {
                DeleteDirectory(path, device, directory);
            }
        }

        Remove(directory, Syscall.rmdir, parent);
    }

    // Immutable and append-only files, and those in such a directory, cannot go even for root until the flag is off. The
    // directory that holds the tree is not ours: within is null for the tree's own top.
    private static void Remove(string path, Func<string, int> call, string? within = null)
    {
        if (call(path) == 0)
        {
            return;
        }

        var errno = Stdlib.GetLastError();
        if (errno is Errno.EPERM or Errno.EACCES)
        {
            // A file may have another name outside the tree, and has the flag there again.
            using var lifted = InodeFlags.Lift(path);
            var cleared = lifted is not null | (within is not null && InodeFlags.Clear(within));
            errno = !cleared ? errno : call(path) == 0 ? 0 : Stdlib.GetLastError();
        }

        if (errno is not (0 or Errno.ENOENT))
        {
            throw PosixFailure.Of(errno, $"cannot delete '{path}'");
        }
    }

    // As the kernel knows it, whatever links lead there.
    private static string RealPath(string directory)
    {
        var descriptor = Syscall.open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC);
        PosixFailure.ThrowIf(descriptor, $"cannot open '{directory}'");
        try
        {
            return LinkTarget.Of($"/proc/self/fd/{descriptor}");
        }
        finally
        {
            _ = Syscall.close(descriptor);
        }
    }
}
