using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dom0Image.BootLab.Network;
using Dom0Image.Recipes;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Leases;

/// <summary>Machines that ask for addresses: any number, each with a MAC of its own. A server takes it for a relay on their subnet.</summary>
internal sealed class DhcpTaker : IDisposable
{
    private const int Port = 67;
    private const int Options = 240;
    private const byte KindOption = 53, ServerOption = 54, AddressOption = 50, IdOption = 61, VendorOption = 60, ArchitectureOption = 93;
    private const byte Discover = 1, Offer = 2, Request = 3, Ack = 5;

    private readonly Socket _socket;
    private readonly IPAddress _relay;

    /// <summary>On another process's network.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="relay">Its address there.</param>
    /// <param name="server">The server.</param>
    public DhcpTaker(int processId, IPAddress relay, IPAddress server)
    {
        _relay = relay;
        _socket = NamespaceSocket.Open(processId, SocketType.Dgram);
        _socket.Bind(new IPEndPoint(relay, Port));
        _socket.Connect(new IPEndPoint(server, Port));
        // What does not come in this time is taken for "there is none".
        _socket.ReceiveTimeout = (int)(3000 * LoadAverage.Slowness());
    }

    /// <summary>A MAC that nobody has.</summary>
    public static MacAddress Mac(byte number) => MacAddress.Parse($"52:54:00:fe:00:{number:x2}");

    /// <summary>Its six bytes.</summary>
    public static byte[] Bytes(MacAddress mac) => Convert.FromHexString($"{mac}".Replace(":", ""));

    /// <summary>Takes an address; null when there is none.</summary>
    /// <param name="mac">Who asks.</param>
    /// <param name="id">The client id that it sends; null for none.</param>
    public IPAddress? Take(MacAddress mac, byte[]? id = null)
        => Ask(mac, Discover, Offer, id, []) is { } offer && Ask(mac, Request, Ack, id, [.. Option(AddressOption, offer.Address.GetAddressBytes()), .. Option(ServerOption, offer.Server)]) is { } given
            ? given.Address
            : null;

    /// <summary>Takes all that there is.</summary>
    public List<IPAddress> TakeAll()
    {
        var taken = new List<IPAddress>();
        for (byte number = 1; Take(Mac(number)) is { } address; number++)
        {
            taken.Add(address);
        }

        return taken;
    }

    /// <summary>The file that a machine's firmware is to load, empty for none; null where it is not answered.</summary>
    /// <param name="mac">Who asks.</param>
    /// <param name="architecture">The code of what it is; null where it does not say.</param>
    public string? LoaderFor(MacAddress mac, int? architecture)
        => Ask(mac, Discover, Offer, null, architecture is { } code ? [.. Option(VendorOption, "PXEClient"u8.ToArray()), .. Option(ArchitectureOption, (byte)(code >> 8), (byte)code)] : [])?.File;

    public void Dispose() => _socket.Dispose();

    private (IPAddress Address, byte[] Server, string File)? Ask(MacAddress mac, byte kind, byte wanted, byte[]? id, byte[] more)
    {
        var message = new byte[Options];
        (message[0], message[1], message[2], message[3]) = (1, 1, 6, 1);
        var transaction = RandomNumberGenerator.GetBytes(4);
        transaction.CopyTo(message, 4);
        _relay.GetAddressBytes().CopyTo(message, 24);
        Bytes(mac).CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        _socket.Send([.. message, .. Option(KindOption, kind), .. id is null ? [] : Option(IdOption, id), .. more, 255]);
        var answer = new byte[1500];
        try
        {
            while (true)
            {
                var length = _socket.Receive(answer);
                if (answer.AsSpan(4, 4).SequenceEqual(transaction))
                {
                    var options = Read(answer.AsSpan(Options, length - Options));
                    return options[KindOption] is [var told] && told == wanted ? (new IPAddress(answer.AsSpan(16, 4)), options[ServerOption], Encoding.ASCII.GetString(answer, 108, 128).TrimEnd('\0')) : null;
                }
            }
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return null;
        }
    }

    private static byte[] Option(byte number, params byte[] value) => [number, (byte)value.Length, .. value];

    private static Dictionary<byte, byte[]> Read(ReadOnlySpan<byte> text)
    {
        var options = new Dictionary<byte, byte[]>();
        while (text[0] != 255)
        {
            options[text[0]] = text.Slice(2, text[1]).ToArray();
            text = text[(2 + text[1])..];
        }

        return options;
    }
}
