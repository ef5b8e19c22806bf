using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Reads symbolic links; a target is bytes like any name.</summary>
internal static class LinkTarget
{
    // A target is no longer than a path may be (PATH_MAX).
    private const int LongestPath = 4096;

    /// <summary>The target as it is stored; see <see cref="ByteName"/>.</summary>
    /// <exception cref="IOException">It is no link, or is gone.</exception>
    public static string Of(string path)
    {
        var buffer = new byte[LongestPath];
        var length = (int)Syscall.readlink(path, buffer);
        PosixFailure.ThrowIf(length, $"cannot read the link '{path}'");
        return ByteName.FromBytes(buffer.AsSpan(0, length));
    }
}
