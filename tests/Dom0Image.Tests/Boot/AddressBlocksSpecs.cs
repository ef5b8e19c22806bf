using System.Net;
using Dom0Image.Boot.Nfs;
using FsCheck;
using FsCheck.Fluent;

namespace Dom0Image.Tests.Boot;

internal sealed class AddressBlocksSpecs
{
    [FsCheck.NUnit.Property]
    public Property All_my_addresses_are_in_one_block_and_no_other_is_in_any()
        => Prop.ForAll(
            Gen.Choose(0, 255).ListOf().ToArbitrary(),
            hosts =>
            {
                var blocks = AddressBlocks.Of(hosts.Select(h => new IPAddress([10, 0, 0, (byte)h])));
                return Enumerable.Range(0, 256).All(h => blocks.Count(b => b.Contains(new IPAddress([10, 0, 0, (byte)h]))) == (hosts.Contains(h) ? 1 : 0));
            });

    [TestCase("10.0.0.1", "10.0.0.1/32")]
    [TestCase("10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4", "10.0.0.1/32 10.0.0.2/31 10.0.0.4/32")]
    [TestCase("10.0.0.7 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.4", "10.0.0.4/30")]
    [TestCase("255.255.255.255 255.255.255.254 0.0.0.0", "0.0.0.0/32 255.255.255.254/31")]
    [TestCase("", "")]
    public void I_get_the_fewest_blocks(string addresses, string blocks)
        => Assert.That(string.Join(' ', AddressBlocks.Of(addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse))), Is.EqualTo(blocks));
}
