using System.ComponentModel;
using System.Runtime.InteropServices;
using Mono.Unix.Native;

namespace Dom0Image.Posix;

/// <summary>Moves the thread that calls to namespaces of other processes, for the rest of its life.</summary>
internal static class ThreadNamespace
{
    private const int NetworkNamespace = 0x40000000;

    /// <exception cref="IOException">The process is gone, or the kernel does not let us.</exception>
    public static void EnterNetworkOf(int process)
    {
        var network = $"/proc/{process}/ns/net";
        var descriptor = Syscall.open(network, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
        PosixFailure.ThrowIf(descriptor, $"cannot open '{network}'");
        try
        {
            if (setns(descriptor, NetworkNamespace) == -1)
            {
                throw new IOException($"cannot enter '{network}': {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }
        finally
        {
            _ = Syscall.close(descriptor);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(int descriptor, int kind);
}
