using System.Buffers.Binary;
using System.Net;

namespace Dom0Image.Recipes;

/// <summary>IPv4 addresses as numbers.</summary>
internal static class Ipv4
{
    /// <summary>The address as a number, so that the next one is one more.</summary>
    public static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    public static IPAddress Address(uint number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>The mask of a prefix of 1 to 32 bits.</summary>
    public static uint Mask(int bits) => uint.MaxValue << (32 - bits);

    /// <summary>The mask of a network as an address.</summary>
    public static IPAddress Netmask(IPNetwork network) => network.PrefixLength == 0 ? IPAddress.Any : Address(Mask(network.PrefixLength));

    /// <summary>Whether a host can have the address in the network: inside, and neither the first nor the last.</summary>
    public static bool IsHostOf(IPNetwork network, IPAddress address)
    {
        var rest = Number(address) & ~Mask(network.PrefixLength);
        return network.Contains(address) && rest != 0 && rest != ~Mask(network.PrefixLength);
    }
}
