using System.Buffers.Binary;
using System.Net;

namespace Dom0Image.Recipes.Model;

/// <summary>IPv4 addresses as numbers.</summary>
internal static class Ipv4
{
    /// <summary>The address as a number.</summary>
    public static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    /// <summary>The bytes of a number, in network order.</summary>
    public static byte[] Bytes(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>The mask of a prefix of 1 to 32 bits.</summary>
    public static uint Mask(int bits) => uint.MaxValue << (32 - bits);

    /// <summary>Whether a host can have the address in the network: inside, and neither the first nor the last.</summary>
    public static bool IsHostOf(IPNetwork network, IPAddress address)
    {
        var rest = Number(address) & ~Mask(network.PrefixLength);
        return network.Contains(address) && rest != 0 && rest != ~Mask(network.PrefixLength);
    }
}
