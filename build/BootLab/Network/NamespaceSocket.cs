using System.Net.Sockets;
using Dom0Image.Posix;

namespace Dom0Image.BootLab.Network;

/// <summary>A socket of this process on another process's network. It stays there wherever it is used from.</summary>
internal static class NamespaceSocket
{
    /// <summary>Makes a socket for IPv4. Needs root.</summary>
    /// <param name="processId">Process whose network it is on.</param>
    /// <param name="type">TCP, or datagrams of UDP.</param>
    /// <exception cref="IOException">The process is gone, or the kernel does not let us.</exception>
    public static Socket Open(int processId, SocketType type = SocketType.Stream)
    {
        Socket? made = null;
        Exception? problem = null;
        // Only this thread moves, and it ends here: no other one of the pool's is ever on that network.
        var thread = new Thread(() =>
        {
            try
            {
                ThreadNamespace.EnterNetworkOf(processId);
                made = new Socket(AddressFamily.InterNetwork, type, type is SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
            }
            catch (Exception failure) when (failure is IOException or SocketException)
            {
                problem = failure;
            }
        });
        thread.Start();
        thread.Join();
        return made ?? throw new IOException(problem!.Message, problem);
    }
}
