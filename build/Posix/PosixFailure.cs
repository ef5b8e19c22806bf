using Mono.Unix;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Turns failed system calls into exceptions of the same shape as those of .NET's own file calls.</summary>
internal static class PosixFailure
{
    /// <summary>The exception for the last failed call; its <see cref="Exception.HResult"/> is the errno. To be asked once: asking sets it.</summary>
    /// <param name="doing">What was tried, such as <c>cannot delete '/x'</c>.</param>
    public static IOException Last(string doing) => Of(Stdlib.GetLastError(), doing);

    /// <summary>The exception for <paramref name="errno"/>.</summary>
    public static IOException Of(Errno errno, string doing)
        => new($"{ByteName.Printable(doing)}: {UnixMarshal.GetErrorDescription(errno)}", NativeConvert.FromErrno(errno));

    /// <summary>Throws when a call returned -1.</summary>
    public static void ThrowIf(int result, string doing)
    {
        if (result == -1)
        {
            throw Last(doing);
        }
    }

    /// <summary>Throws when a call returned -1, unless it was because nothing is there.</summary>
    /// <returns>Whether something was there.</returns>
    public static bool ThrowUnlessMissing(int result, string doing)
    {
        if (result != -1)
        {
            return true;
        }

        var errno = Stdlib.GetLastError();
        return errno is Errno.ENOENT or Errno.ENOTDIR ? false : throw Of(errno, doing);
    }
}
