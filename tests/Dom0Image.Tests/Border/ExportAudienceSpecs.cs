using System.Diagnostics;
using System.Net;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Tests.Boot;

namespace Dom0Image.Tests.Border;

/// <summary>Who gets what from the real server: by address, by port, and by what the site says of images.</summary>
internal sealed class ExportAudienceSpecs
{
    private const string Listed = "192.168.0.101";
    private const string NotListed = "192.168.0.150";

    private static readonly Site ForHosts = Sites.OneServer() with { ExportTo = ExportAudience.Hosts, DefaultProfile = null };

    [Test]
    public async Task My_exports_for_hosts_are_there_for_listed_ones_alone()
    {
        await using var lab = await BorderLab.StartAsync(ForHosts, Listed, NotListed);
        var (listed, other, server) = (lab.ClientAt(Listed), lab.ClientAt(NotListed), lab.ClientAt("192.168.0.5"));

        foreach (var place in new[] { Places.Generations, Places.DomUImages })
        {
            var (status, root) = listed.Mount(place);
            Assert.That(status, Is.Zero, place);
            Assert.That(listed.GetAttributes(root).Status, Is.Zero);
            Assert.That(other.Mount(place), Is.EqualTo((RawNfs.NoAccess, Array.Empty<byte>())));
            Assert.That(other.GetAttributes(root).Status, Is.Not.Zero, "a handle that somebody else was given");
            Assert.That(other.Create(root, "new"), Is.Not.Zero);
            Assert.That(File.Exists($"{lab[place]}/new"), Is.False);
        }

        Assert.That(server.Mount(Places.Generations).Status, Is.Zero, "it asks itself whether all is well");
        Assert.That(server.Mount(Places.DomUImages).Status, Is.Not.Zero);
    }

    [Test]
    public async Task A_host_that_I_add_gets_in_by_a_reload_that_ends_nobody()
    {
        await using var lab = await BorderLab.StartAsync(ForHosts, Listed, NotListed);
        var (running, added) = (lab.ClientAt(Listed), lab.ClientAt(NotListed));
        File.WriteAllText($"{lab[Places.Generations]}/file", "content");
        var reader = SteadyReader.Start(running, running.Mount(Places.Generations).Handle, "file");
        Assert.That(added.Mount(Places.Generations).Status, Is.EqualTo(RawNfs.NoAccess));

        await lab.ReloadAsync(ForHosts with { Hosts = [.. ForHosts.Hosts, Host("post04", 4, NotListed)] });

        Assert.That(added.Mount(Places.Generations).Status, Is.Zero);
        Assert.That(added.Create(added.Mount(Places.DomUImages).Handle, "new"), Is.Zero);
        await lab.ReloadAsync(ForHosts);
        Assert.That(added.Mount(Places.Generations).Status, Is.EqualTo(RawNfs.NoAccess), "and out");
        Assert.That(await reader.EndAsync(), Is.GreaterThan(100), "over the one connection, without an error");
    }

    [TestCase(ImagesExport.ReadWrite, 0u)]
    [TestCase(ImagesExport.ReadOnly, RawNfs.ReadOnly)]
    public async Task My_images_are_exported_as_I_say(ImagesExport images, uint expected)
    {
        await using var lab = await BorderLab.StartAsync(Sites.OneServer() with { Images = images }, Listed);
        var client = lab.ClientAt(Listed);

        Assert.That(client.Create(client.Mount(Places.DomUImages).Handle, "new"), Is.EqualTo(expected));
        Assert.That(File.Exists(lab[Places.DomUImages] + "/new"), Is.EqualTo(expected == 0));
    }

    [Test]
    public async Task My_images_are_not_exported_where_I_say_so()
    {
        await using var lab = await BorderLab.StartAsync(Sites.OneServer() with { Images = ImagesExport.None }, Listed);
        var client = lab.ClientAt(Listed);

        Assert.That(client.Mount(Places.Generations).Status, Is.Zero);
        Assert.That(client.Mount(Places.DomUImages).Status, Is.Not.Zero);
    }

    [Test]
    public async Task A_user_of_a_client_who_is_not_root_there_gets_nothing_by_saying_so()
    {
        await using var lab = await BorderLab.StartAsync(Sites.OneServer(), Listed);
        var (root, user) = (lab.ClientAt(Listed), lab.ClientAt(Listed, privileged: false));
        var handle = root.Mount(Places.DomUImages).Handle;

        Assert.That(root.GetAttributes(handle).Status, Is.Zero);
        Assert.That(user.GetAttributes(handle).Status, Is.EqualTo(RawNfs.Denied));
        Assert.That(user.Create(handle, "new"), Is.EqualTo(RawNfs.Denied));
    }

    [Test]
    public async Task My_server_listens_at_its_address_alone()
    {
        await using var lab = await BorderLab.StartAsync(Sites.OneServer(), "10.0.0.5");

        Assert.That(lab.Listening(RawNfs.NfsPort), Is.EqualTo(new[] { "0500A8C0" }));
        Assert.That(lab.Listening(RawNfs.MountPort), Is.EqualTo(new[] { "0500A8C0" }));
    }

    // In one row they are one block of addresses to the server. Where they lie apart it goes through its list for each call.
    [TestCase(1, 3)]
    [TestCase(2, 30)]
    public async Task The_last_of_5000_hosts_gets_in_and_is_served_about_as_fast_as_the_first(int apart, int times)
    {
        string Address(int number) => $"10.1.{number * apart / 250}.{number * apart % 250 + 1}";
        var site = ForHosts with
        {
            Subnets = [.. ForHosts.Subnets, new Subnet(IPNetwork.Parse("10.1.0.0/16"), null, [], null, null)],
            Hosts = [.. Enumerable.Range(0, 5000).Select(n => Host($"post{n}", n, Address(n)))],
        };
        await using var lab = await BorderLab.StartAsync(site, Address(0), Address(4999), Address(5000));
        var (first, last) = (Fastest(lab.ClientAt(Address(0))), Fastest(lab.ClientAt(Address(4999))));

        TestContext.Progress.WriteLine($"each call of the first host takes {first.TotalMicroseconds:F0} us, of the last {last.TotalMicroseconds:F0} us");
        Assert.That(last, Is.LessThan(first * times));
        Assert.That(lab.ClientAt(Address(5000)).Mount(Places.Generations).Status, Is.EqualTo(RawNfs.NoAccess));
    }

    // Of several times, since others work on this machine, too.
    private static TimeSpan Fastest(RawNfs client)
    {
        const int Calls = 200;
        var root = client.Mount(Places.Generations).Handle;
        return Enumerable.Range(0, 10).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Calls; i++)
            {
                Assert.That(client.GetAttributes(root).Status, Is.Zero);
            }

            return watch.Elapsed / Calls;
        });
    }

    private static BootHost Host(string name, int number, string address)
        => new(name, MacAddress.Parse($"52:54:00:12:{number >> 8:x2}:{number & 0xff:x2}"), IPAddress.Parse(address), "dom0");
}
