using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;

namespace Dom0Image.Boot;

/// <summary>The fewest networks that hold some IPv4 addresses and no other one.</summary>
internal static class AddressBlocks
{
    private const int AddressBits = 32;

    /// <summary>In the order of the addresses.</summary>
    public static ImmutableArray<IPNetwork> Of(IEnumerable<IPAddress> addresses)
    {
        uint[] numbers = [.. addresses.Select(Number).Distinct().Order()];
        var blocks = ImmutableArray.CreateBuilder<IPNetwork>();
        for (var i = 0; i < numbers.Length;)
        {
            var bits = 0;
            while (HoldsAll(numbers, i, bits + 1))
            {
                bits++;
            }

            blocks.Add(new IPNetwork(Address(numbers[i]), AddressBits - bits));
            i += 1 << bits;
        }

        return blocks.ToImmutable();
    }

    /// <summary>An address as a number, so that the next one is one more.</summary>
    public static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    /// <summary>An address by its number.</summary>
    public static IPAddress Address(uint number) => new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    // Whether a block of so many bits can begin at a number, and all that it would hold is there.
    private static bool HoldsAll(uint[] numbers, int start, int bits)
    {
        var length = 1L << bits;
        return bits <= AddressBits && numbers[start] % length == 0 && start + length <= numbers.Length && numbers[start + length - 1] == numbers[start] + length - 1;
    }
}
