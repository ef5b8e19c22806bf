using Microsoft.Win32.SafeHandles;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>
/// A directory that is held open, in which files and links are made and read by their names alone: where there are tens of
/// thousands, the way to each would take longer than the thing itself. No link is followed.
/// </summary>
internal sealed class OpenDirectory : IDisposable
{
    private const int CurrentDirectory = -100;

    // A target is no longer than a path may be (PATH_MAX); one buffer for all.
    private readonly byte[] _target = new byte[4096];
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private OpenDirectory(int descriptor, string path) => (_handle, _path) = (new SafeFileHandle(descriptor, ownsHandle: true), path);

    private int Descriptor => (int)_handle.DangerousGetHandle();

    /// <summary>Opens a directory.</summary>
    /// <exception cref="IOException">It is not there, or is a link or a file.</exception>
    public static OpenDirectory Open(string path) => Open(CurrentDirectory, path, path);

    /// <summary>A path to it that is short however deep it lies, for as long as it is open.</summary>
    public string ShortPath => $"/proc/self/fd/{Descriptor}";

    public OpenDirectory Enter(string name) => Open(Descriptor, name, PathOf(name));

    /// <summary>Makes a directory in this one, with exactly these bits, and opens it.</summary>
    public OpenDirectory MakeDirectory(string name, UnixFileMode mode)
    {
        Check(Syscall.mkdirat(Descriptor, name, FilePermissions.S_IRWXU), "cannot make the directory", name);
        var made = Enter(name);
        made.SetMode(mode);
        return made;
    }

    /// <summary>chmod(2) of the directory itself.</summary>
    public void SetMode(UnixFileMode mode)
        => PosixFailure.ThrowIf(Syscall.fchmod(Descriptor, (FilePermissions)mode), $"cannot set the mode of '{_path}'");

    /// <summary>All names, in no order, and what each is. To be asked once.</summary>
    public IEnumerable<(string Name, FileType Type)> Entries()
    {
        foreach (var (name, type) in DirectoryNames.Read(Descriptor, _path))
        {
            yield return (name, type switch
            {
                ListedType.Directory => FileType.Directory,
                ListedType.File => FileType.File,
                ListedType.Link => FileType.Symlink,
                _ => TypeOf(name),
            });
        }
    }

    /// <summary>The target of a link as it is stored.</summary>
    public string ReadLink(string name)
    {
        var length = (int)Syscall.readlinkat(Descriptor, name, _target);
        Check(length, "cannot read the link", name);
        return ByteName.FromBytes(_target.AsSpan(0, length));
    }

    /// <summary>The whole content of what <see cref="Entries"/> told to be a file: nothing else is opened, for a pipe would wait for a writer.</summary>
    public byte[] ReadFile(string name)
    {
        var descriptor = Syscall.openat(Descriptor, name, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC);
        Check(descriptor, "cannot read", name);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        return FileNode.ReadAllBytes(handle);
    }

    /// <summary>Makes a new file with exactly these bits; one that is there is an error.</summary>
    public void MakeFile(string name, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var descriptor = Syscall.openat(Descriptor, name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_CLOEXEC, (FilePermissions)mode);
        Check(descriptor, "cannot make", name);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Check(Syscall.fchmod(descriptor, (FilePermissions)mode), "cannot set the mode of", name);
        RandomAccess.Write(handle, content, 0);
    }

    /// <summary>symlink(2).</summary>
    public void MakeLink(string name, string target)
        => Check(Syscall.symlinkat(target, Descriptor, name), "cannot make the link", name);

    /// <summary>link(2): another name for a file or link, which takes no more room on the disk than the name.</summary>
    /// <returns>Whether the file system took it: it may know no such thing, or have a limit to the names of one file.</returns>
    public bool TryMakeName(string name, OpenDirectory of, string existing)
        => Syscall.linkat(of.Descriptor, existing, Descriptor, name, 0) == 0;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static OpenDirectory Open(int descriptor, string name, string path)
    {
        var opened = Syscall.openat(descriptor, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC);
        PosixFailure.ThrowIf(opened, $"cannot open '{path}'");
        return new OpenDirectory(opened, path);
    }

    private FileType TypeOf(string name)
    {
        Check(Syscall.fstatat(Descriptor, name, out var status, AtFlags.AT_SYMLINK_NOFOLLOW), "cannot look at", name);
        return FileNode.TypeOf(status.st_mode);
    }

    private string PathOf(string name) => $"{_path.TrimEnd('/')}/{name}";

    // The words only where they are needed: this is asked tens of thousands of times.
    private void Check(int result, string doing, string name)
    {
        if (result == -1)
        {
            throw PosixFailure.Last($"{doing} '{PathOf(name)}'");
        }
    }
}
