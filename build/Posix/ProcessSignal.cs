using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Signals to other processes; one that is gone gets none.</summary>
internal static class ProcessSignal
{
    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int process) => _ = Syscall.kill(process, Signum.SIGTERM);

    /// <summary>Ends a process at once.</summary>
    public static void Kill(int process) => _ = Syscall.kill(process, Signum.SIGKILL);
}
