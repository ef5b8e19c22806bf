using System.Net;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Recipes;

internal sealed class AddressTextSpecs
{
    [TestCase("52:54:00:0A:59:FF")]
    [TestCase("52-54-00-0a-59-ff")]
    public void A_MAC_address_is_read_as_people_write_it_and_written_as_the_kernel_does(string text)
    {
        Assert.That($"{MacAddress.Parse(text)}", Is.EqualTo("52:54:00:0a:59:ff"));
        Assert.That(MacAddress.Parse(text), Is.EqualTo(MacAddress.Parse("52:54:00:0a:59:ff")), "one card, however it is written");
    }

    [TestCase("0.0.0.0", 0u)]
    [TestCase("10.0.1.255", 0x0A0001FFu)]
    [TestCase("255.255.255.255", uint.MaxValue)]
    public void An_IPv4_address_is_a_number_and_back(string text, uint number)
    {
        Assert.That(Ipv4.Number(IPAddress.Parse(text)), Is.EqualTo(number));
        Assert.That($"{Ipv4.Address(number)}", Is.EqualTo(text));
    }

    [TestCase("10.0.0.9", false)]
    [TestCase("10.0.0.10", true)]
    [TestCase("10.0.1.2", true)]
    [TestCase("10.0.1.3", false)]
    [TestCase("255.0.0.0", false)]
    public void A_range_holds_its_ends_and_what_is_between(string address, bool held)
        => Assert.That(new AddressRange(IPAddress.Parse("10.0.0.10"), IPAddress.Parse("10.0.1.2")).Contains(IPAddress.Parse(address)), Is.EqualTo(held));
}
