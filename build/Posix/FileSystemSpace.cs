using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Room on a file system.</summary>
/// <param name="Size">Bytes that it has.</param>
/// <param name="Free">Bytes that may be written.</param>
internal sealed record FileSystemSpace(long Size, long Free)
{
    /// <summary>Bytes that are in use.</summary>
    public long Used => Size - Free;

    /// <summary>Asks the file system of a path.</summary>
    public static FileSystemSpace Of(string path)
    {
        PosixFailure.ThrowIf(Syscall.statvfs(path, out var space), $"cannot ask the file system of '{path}'");
        return new FileSystemSpace((long)(space.f_blocks * space.f_frsize), (long)(space.f_bavail * space.f_frsize));
    }
}
