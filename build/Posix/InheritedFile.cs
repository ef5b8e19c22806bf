using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Files that this process was started with.</summary>
internal static class InheritedFile
{
    private const int CloseOnExec = 1;

    // Where it was closed, the number belongs to a file that the runtime opened since. All of those are closed when another
    // program starts; none that came from one can be.
    public static bool WasClosed(int descriptor)
        => Syscall.fcntl(descriptor, FcntlCommand.F_GETFD) is var flags && (flags < 0 || (flags & CloseOnExec) != 0);
}
