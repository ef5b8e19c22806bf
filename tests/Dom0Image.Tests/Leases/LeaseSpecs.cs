using Dom0Image.Boot.Dhcp;

namespace Dom0Image.Tests.Leases;

/// <summary>Addresses that a site lends to hosts that it does not list.</summary>
[Category("Integration")]
[Parallelizable(ParallelScope.All)]
internal sealed class LeaseSpecs
{
    private const int PatienceSeconds = 40;

    [TestCase(true)]
    [TestCase(false, TestName = "I_lose_it_when_nobody_renews_it")]
    public async Task I_keep_an_address_of_a_range_for_as_long_as_I_run(bool renewed)
    {
        await using var lab = await LeaseLab.StartAsync(LeaseLab.Site("192.168.0.200", "192.168.0.203"));
        var before = await lab.NetworkAsync();
        if (renewed)
        {
            await lab.RenewAsync();
        }

        await Task.Delay(LeaseLab.Lease * 2.5);
        var taken = lab.Taker.TakeAll();

        Assert.That(taken, Has.Count.EqualTo(renewed ? 3 : 4), "all that was free");
        Assert.That(taken.Contains(lab.Address), Is.EqualTo(!renewed));
        Assert.That(await lab.NetworkAsync(), Is.EqualTo(before), "the interface was not touched");
        if (renewed)
        {
            Assert.That(lab.State, Does.Match($@"^{lab.Address} is renewed by 192\.168\.0\.5 for \d s, for the ([3-9]|\d\d)\. time"));
            Assert.That(lab.KernelLog.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.One.Items.And.All.StartsWith("<7>"), "told once");
        }
    }

    [Test]
    public async Task I_am_told_when_nobody_renews_my_address_and_when_it_is_not_mine_any_more()
    {
        await using var lab = await LeaseLab.StartAsync(LeaseLab.Site("192.168.0.200", "192.168.0.203"));
        await lab.RenewAsync();
        Assert.That(() => lab.State, Does.Contain("is renewed by").After(PatienceSeconds * 1000, 100));

        await lab.StopServingAsync();
        Assert.That(() => lab.KernelLog, Does.Contain($"<3>dom0-lease: FAILED: the lease of {lab.Address} is over, and no DHCP server renews it").After(PatienceSeconds * 1000, 100));

        await lab.ServeAsync(LeaseLab.Site("192.168.0.200", "192.168.0.203"), lease: TimeSpan.FromMinutes(10));
        Assert.That(lab.Taker.TakeAll(), Does.Contain(lab.Address));
        Assert.That(() => lab.State, Does.Contain($"the DHCP server 192.168.0.5 refuses to renew {lab.Address}").After(2 * PatienceSeconds * 1000, 100));
        Assert.That(await lab.NetworkAsync(), Does.Contain($"inet {lab.Address}/24"), "the root needs it");
    }

    [TestCase("ip=dhcp,1,lab", @"uid ""\001lab"";")]
    [TestCase("ip=:::::eth0:dhcp,0,lab", @"uid ""\000lab"";")]
    [TestCase("ip=dhcp", null)]
    public async Task My_lease_is_renewed_with_what_the_kernel_said_that_I_am(string ip, string? uid)
    {
        await using var lab = await LeaseLab.StartAsync(LeaseLab.Site("192.168.0.200", "192.168.0.203"), text => text.Replace("ignore-client-uids true;\n", "", StringComparison.Ordinal));

        await lab.RenewAsync(ip);

        Assert.That(() => lab.State, Does.Contain("is renewed by").After(PatienceSeconds * 1000, 100));
        Assert.That(lab.Leases, uid is null ? Does.Not.Contain("  uid ") : Does.Contain(uid));
    }

    [TestCase("ip=192.168.0.200::192.168.0.1:255.255.255.0::eth0:off")]
    [TestCase("ip=192.168.0.200:::::eth0")]
    [TestCase("ip=dhcp ip=none")]
    public async Task An_address_that_is_not_lent_is_left_alone(string ip)
    {
        await using var lab = await LeaseLab.StartAsync(LeaseLab.Site("192.168.0.200", "192.168.0.203"));

        await lab.RenewAsync(ip);

        Assert.That(() => lab.State, Is.EqualTo("the address is not from DHCP: there is nothing to renew").After(PatienceSeconds * 1000, 100));
    }

    [Test]
    public async Task I_am_told_when_a_range_is_too_small()
    {
        var site = LeaseLab.Site("192.168.0.200", "192.168.0.203");
        // Long enough for whatever the machine takes to ask for the others.
        var lease = TimeSpan.FromMinutes(10);
        await using var lab = await LeaseLab.StartAsync(site, lease: lease);
        Assert.That(LentAddresses.FullRanges(site, IscDhcpServer.Lent(lab.Leases, DateTime.UtcNow)), Is.Empty, "one of four is lent");

        var taken = lab.Taker.TakeAll();

        Assert.That(taken, Has.Count.EqualTo(3));
        Assert.That(LentAddresses.FullRanges(site, IscDhcpServer.Lent(lab.Leases, DateTime.UtcNow)).Single().What, Is.EqualTo("all 4 addresses of the range 192.168.0.200-192.168.0.203 are lent: the next host that is not listed gets none"));
        Assert.That(LentAddresses.FullRanges(site, IscDhcpServer.Lent(lab.Leases, DateTime.UtcNow + (2 * lease))), Is.Empty, "leases end");
    }

    [Test]
    public async Task I_have_as_many_addresses_as_the_range_has_though_firmware_and_kernel_call_themselves_differently()
    {
        await using var lab = await LeaseLab.StartAsync(LeaseLab.Site("192.168.0.200", "192.168.0.203"));

        var firmware = lab.Taker.Take(DhcpTaker.Mac(9), [1, .. DhcpTaker.Bytes(DhcpTaker.Mac(9))]);
        var kernel = lab.Taker.Take(DhcpTaker.Mac(9));

        Assert.That(kernel, Is.Not.Null.And.EqualTo(firmware));
    }
}
