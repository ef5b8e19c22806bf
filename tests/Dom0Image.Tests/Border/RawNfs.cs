using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dom0Image.BootLab.Network;

namespace Dom0Image.Tests.Border;

/// <summary>
/// A client of NFS version 3 that asks for whatever handle it is given, as root, over TCP. No kernel stands between it and the
/// server, so that it can ask for what no mounted file system would.
/// </summary>
/// <param name="connect">Connects to a port of the server.</param>
internal sealed class RawNfs(Func<int, Socket> connect) : IDisposable
{
    public const int NfsPort = 2049;
    public const int MountPort = 20048;
    public const int PortMapperPort = 111;

    /// <summary>The server did not even look at the call.</summary>
    public const uint Denied = uint.MaxValue;

    public const uint NoAccess = 13;
    public const uint ReadOnly = 30;

    private const uint NfsProgram = 100003;
    private const uint MountProgram = 100005;
    private const int AttributesLength = 84;
    private readonly Dictionary<int, Socket> _connections = [];
    private uint _calls;

    /// <summary>How long it waits for an answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connects from an address in the network of a process; from a port below 1024, which only root has, unless told otherwise.</summary>
    public static Func<int, Socket> From(int processId, IPAddress client, IPAddress server, bool privileged = true) => port =>
    {
        foreach (var source in privileged ? Enumerable.Range(600, 400) : [0])
        {
            var socket = NamespaceSocket.Open(processId);
            try
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(new IPEndPoint(client, source));
                socket.Connect(server, port);
                return socket;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable && privileged)
            {
                socket.Dispose();
            }
        }

        throw new IOException($"no port is free to ask {server} from");
    };

    public (uint Status, byte[] Handle) Mount(string path)
    {
        var (accepted, answer) = Call(MountPort, MountProgram, 1, new XdrWriter().Text(path));
        var status = accepted ? answer.Number() : Denied;
        return (status, status == 0 ? answer.Opaque() : []);
    }

    public (uint Status, ulong FileId) GetAttributes(byte[] handle)
    {
        var (accepted, answer) = Call(NfsPort, NfsProgram, 1, new XdrWriter().Opaque(handle));
        var status = accepted ? answer.Number() : Denied;
        if (status != 0)
        {
            return (status, 0);
        }

        // type, mode, links, uid, gid, size, used, special, file system: what is before the number of the file
        answer.Skip(52);
        return (status, ((ulong)answer.Number() << 32) | answer.Number());
    }

    public (uint Status, byte[] Handle) LookUp(byte[] directory, string name)
    {
        var (accepted, answer) = Call(NfsPort, NfsProgram, 3, new XdrWriter().Opaque(directory).Text(name));
        var status = accepted ? answer.Number() : Denied;
        return (status, status == 0 ? answer.Opaque() : []);
    }

    public (uint Status, byte[] Data) Read(byte[] handle)
    {
        var (accepted, answer) = Call(NfsPort, NfsProgram, 6, new XdrWriter().Opaque(handle).Long(0).Number(4096));
        var status = accepted ? answer.Number() : Denied;
        if (status != 0)
        {
            return (status, []);
        }

        answer.Skip(answer.Number() == 0 ? 0 : AttributesLength);
        answer.Skip(8);
        return (status, answer.Opaque());
    }

    /// <summary>Makes an empty file of root's in a directory.</summary>
    public uint Create(byte[] directory, string name)
    {
        // unchecked; a mode, an owner, a group and a size, and no times
        var (accepted, answer) = Call(NfsPort, NfsProgram, 8, new XdrWriter().Opaque(directory).Text(name)
            .Number(0).Number(1).Number(420).Number(1).Number(0).Number(1).Number(0).Number(0).Number(0).Number(0));
        return accepted ? answer.Number() : Denied;
    }

    /// <summary>Writes into a file; the answer comes when it is on the server's disk.</summary>
    public uint Write(byte[] handle, long offset, byte[] data)
    {
        const uint FileSync = 2;
        var (accepted, answer) = Call(NfsPort, NfsProgram, 7, new XdrWriter().Opaque(handle).Long((ulong)offset).Number((uint)data.Length).Number(FileSync).Opaque(data));
        return accepted ? answer.Number() : Denied;
    }

    /// <summary>How often the server broke off a connection, which was made again.</summary>
    public int BrokenOff { get; private set; }

    /// <summary>Forgets its connections: the next call makes new ones.</summary>
    public void Disconnect()
    {
        foreach (var connection in _connections.Values)
        {
            connection.Dispose();
        }

        _connections.Clear();
    }

    public void Dispose() => Disconnect();

    private (bool Accepted, XdrReader Answer) Call(int port, uint program, uint procedure, XdrWriter arguments)
    {
        // AUTH_SYS: whoever asks says who it is
        var who = new XdrWriter().Number(0).Text("forger").Number(0).Number(0).Number(0).Bytes;
        var call = new XdrWriter().Number(++_calls).Number(0).Number(2).Number(program).Number(3).Number(procedure)
            .Number(1).Opaque(who).Number(0).Opaque([]).Bytes;
        byte[] message = [.. call, .. arguments.Bytes];
        var answer = new XdrReader(Ask(port, [.. new XdrWriter().Number(0x80000000 | (uint)message.Length).Bytes, .. message]));
        Assert.That((answer.Number(), answer.Number()), Is.EqualTo((_calls, 1u)), "an answer to this call");
        if (answer.Number() != 0)
        {
            return (false, answer);
        }

        answer.Number();
        answer.Opaque();
        return (answer.Number() == 0, answer);
    }

    // A server that was just started may break off, and clients ask again, as these do: once. One that is gone lets nobody connect.
    private byte[] Ask(int port, byte[] message)
    {
        try
        {
            return AskOnce(port, message);
        }
        catch (Exception problem) when (problem is IOException or SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
        {
            BrokenOff++;
            _connections.Remove(port, out var broken);
            broken?.Dispose();
            return AskOnce(port, message);
        }
    }

    private byte[] AskOnce(int port, byte[] message)
    {
        if (!_connections.TryGetValue(port, out var socket))
        {
            socket = _connections[port] = connect(port);
            socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        }

        socket.Send(message);
        return ReceiveMessage(socket);
    }

    private static byte[] ReceiveMessage(Socket socket)
    {
        using var whole = new MemoryStream();
        while (true)
        {
            var head = BinaryPrimitives.ReadUInt32BigEndian(Receive(socket, 4));
            whole.Write(Receive(socket, (int)(head & 0x7fffffff)));
            if ((head & 0x80000000) != 0)
            {
                return whole.ToArray();
            }
        }
    }

    private static byte[] Receive(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var count = socket.Receive(bytes, done, length - done, SocketFlags.None);
            done += count > 0 ? count : throw new IOException("the server broke off");
        }

        return bytes;
    }
}
