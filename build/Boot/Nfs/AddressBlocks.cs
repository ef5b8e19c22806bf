using System.Collections.Immutable;
using System.Net;
using Dom0Image.Recipes;

namespace Dom0Image.Boot.Nfs;

/// <summary>The fewest networks that hold some IPv4 addresses and no other one.</summary>
internal static class AddressBlocks
{
    private const int AddressBits = 32;

    /// <summary>In the order of the addresses.</summary>
    public static ImmutableArray<IPNetwork> Of(IEnumerable<IPAddress> addresses)
    {
        uint[] numbers = [.. addresses.Select(Ipv4.Number).Distinct().Order()];
        var blocks = ImmutableArray.CreateBuilder<IPNetwork>();
        for (var i = 0; i < numbers.Length;)
        {
            var bits = 0;
            while (HoldsAll(numbers, i, bits + 1))
            {
                bits++;
            }

            blocks.Add(new IPNetwork(Ipv4.Address(numbers[i]), AddressBits - bits));
            i += 1 << bits;
        }

        return blocks.ToImmutable();
    }

    // Whether a block of so many bits can begin at a number, and all that it would hold is there.
    private static bool HoldsAll(uint[] numbers, int start, int bits)
    {
        var length = 1L << bits;
        return bits <= AddressBits && numbers[start] % length == 0 && start + length <= numbers.Length && numbers[start + length - 1] == numbers[start] + length - 1;
    }
}
