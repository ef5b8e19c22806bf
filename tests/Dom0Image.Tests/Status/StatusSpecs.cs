using System.Collections.Immutable;
using System.Net;
using Dom0Image.Boot;
using Dom0Image.BootTesting.Report;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Status;
using Dom0Image.Tests.Boot;
using Dom0Image.Tests.Differences;

namespace Dom0Image.Tests.Status;

/// <summary>How a site stands, as an administrator asks in the morning.</summary>
internal sealed class StatusSpecs
{
    private readonly TwoGenerations _two = new();

    [TearDown]
    public void Delete() => _two.Dispose();

    [Test]
    public async Task I_see_what_each_host_boots_next_as_the_menus_on_the_disk_have_it()
    {
        var old = Publish(Sites.OneServer(), _two.Make("old"));
        var now = _two.Make("new");
        var key = CurrentState.Read(_two.Places).Menus!;
        var menu = _two.Places.OnDisk($"{Places.Menus}/{key}/post02.conf");
        File.WriteAllText(menu, File.ReadAllText(menu).Replace(old, now, StringComparison.Ordinal));

        var status = await ReadAsync(Sites.OneServer());

        Assert.That(status.Boots, Is.EqualTo(old));
        Assert.That(status.Hosts.Select(h => (h.Name, h.Profile, h.Next.Generation, h.Next.Profile)), Is.EqualTo(new[]
        {
            ("post01", "dom0", old, "dom0"),
            ("post02", "dom0", now, null),
            ("post03", "plain", old, "plain"),
        }));
        Assert.That(status.Generations.Select(g => (g.Id, g.Role, g.Hosts)), Is.EqualTo(new[] { (now, GenerationRole.Ready, 1), (old, GenerationRole.Booted, 2) }));
    }

    [Test]
    public async Task I_see_where_the_site_says_something_else_than_what_is_published()
    {
        var site = Sites.OneServer();
        var id = Publish(site, _two.Make("old"));
        var edited = site with { Hosts = [site.Hosts[0] with { Profile = "plain" }, .. site.Hosts[1..], site.Hosts[0] with { Name = "post09", Mac = MacAddress.Parse("52-54-00-12-34-09"), Address = IPAddress.Parse("192.168.0.109") }] };

        var status = await ReadAsync(edited);

        Assert.That(StatusText.Write(status, eachHost: true), Does.Contain("dom0, site: plain"));
        Assert.That(status.Hosts[^1].Next, Is.EqualTo(new NextBoot(id, "dom0") { Problem = "it has no menu of its own" }));
    }

    [Test]
    public async Task I_am_told_that_nothing_is_published_and_how_to_begin()
    {
        var status = await ReadAsync(Sites.OneServer());

        Assert.That(status.Hosts[0].Next.Problem, Is.EqualTo("no menus are published"));
        Assert.That(status.Next!.Command, Is.EqualTo($"./build.sh --site=lab --prefix={_two.Places.Prefix}"));
        Assert.That(StatusText.Write(status, eachHost: false), Does.Contain("Nothing is published."));
    }

    [Test]
    public async Task I_see_for_whom_the_days_system_comes_first()
    {
        var site = Sites.TwoServers();
        Publish(site, _two.Make("old"));

        var status = await ReadAsync(site);

        Assert.That(status.Hosts.Select(h => h.Next.Daily), Is.EqualTo(site.Hosts.Select(h => h.Dom0ByDefault ? null : "192.168.0.100")));
        Assert.That(status.Hosts.Select(h => h.Next.Daily), Has.Some.Null.And.Some.Not.Null);
        Assert.That(StatusText.Write(status, eachHost: true), Does.Contain("the day's of"));
    }

    [TestCase(null, BootTestState.None, "it was not booted in the lab", "--generation=trixie-new ")]
    [TestCase("full", BootTestState.Full, "nobody published it", "--generation=trixie-new ")]
    [TestCase("quick", BootTestState.Quick, "it was booted in one way only", "--generation=trixie-new ")]
    [TestCase("failed", BootTestState.Failed, "its boot test failed: ", "boot-report/report.txt")]
    public async Task I_see_what_is_ready_and_why_it_is_not_published(string? report, BootTestState expected, string why, string next)
    {
        Publish(Sites.OneServer(), _two.Make("old"));
        var id = _two.Make("new");
        Report(id, report);

        var status = await ReadAsync(Sites.OneServer());

        var ready = status.Generations.Single(g => g.Role is GenerationRole.Ready);
        Assert.That((ready.Id, ready.BootTest), Is.EqualTo((id, expected)));
        Assert.That(ready.Why, Does.StartWith(why));
        Assert.That(status.Next!.Command, Does.Contain(next));
        Assert.That(StatusText.Write(status, eachHost: false), Does.Contain($"Ready, not published: {id}: {why.TrimEnd()}"));
    }

    [Test]
    public async Task I_see_that_publication_is_held_and_how_it_goes_on()
    {
        var old = Publish(Sites.OneServer(), _two.Make("old"));
        _two.Make("new");
        _two.Temp.Write("prefix/var/lib/dom0image/hold.json", $$"""{ "generation": "{{old}}", "since": "2026-11-28T20:00:00+00:00", "resume": "./build.sh --target=Publish" }""");

        var status = await ReadAsync(Sites.OneServer());

        Assert.That(status.Hold!.Generation, Is.EqualTo(old));
        Assert.That(status.Next!.Command, Is.EqualTo("./build.sh --target=Publish"));
        Assert.That(StatusText.Write(status, eachHost: false), Does.Contain($"Publication is held since 2026-11-28 20:00 UTC for {old}."));
        Assert.That(status.Generations[0].Why, Is.EqualTo($"publication is held for {old}"));

        _two.Temp.Write("prefix/var/lib/dom0image/hold.json", "{");
        Assert.That((await ReadAsync(Sites.OneServer())).Notes, Has.Some.StartsWith("whether publication is held cannot be told"));
    }

    [Test]
    public async Task I_see_that_a_publication_was_cut_short()
    {
        var old = _two.Make("old");
        Publish(Sites.OneServer(), old);
        var now = Publish(Sites.OneServer(), _two.Make("new"));
        var link = _two.Places.OnDisk(Places.CurrentRoot);
        File.Delete(link);
        File.CreateSymbolicLink(link, $"generations/{old}/root");

        var status = await ReadAsync(Sites.OneServer());

        Assert.That(status.Boots, Is.EqualTo(now), "menus are what hosts read");
        Assert.That((status.Next!.Command, status.Next.Why), Is.EqualTo(($"./build.sh --generation={now} --recipe=trixie --site=lab --prefix={_two.Places.Prefix}", "a publication was cut short: ends it")));
    }

    [Test]
    public async Task I_see_which_clients_are_connected_and_what_is_known_of_what_they_run()
    {
        var old = Publish(Sites.OneServer(), _two.Make("old"));
        var now = Publish(Sites.OneServer(), _two.Make("new"));
        var notes = _two.Temp.Write("rmtab", $"192.168.0.101:/opt/ondemand/generations/{old}/root:0x00000001\n192.168.0.102:/opt/ondemand/generations/{old}/root:0x00000001\n"
            + $"192.168.0.102:/opt/ondemand/generations/{now}/root:0x00000002\n192.168.0.103:/opt/ondemand/imgs:0x00000001\nnonsense\n");

        var status = await new StatusReader(_two.Places, Sites.OneServer()) { Mounts = notes, Connected = [.. new[] { "192.168.0.101", "192.168.0.102" }.Select(IPAddress.Parse)] }.ReadAsync([], probe: false, default);

        var text = StatusText.Write(status, eachHost: true);
        Assert.That(status.Hosts.Select(h => (h.Connected, string.Join(' ', h.Mounted))), Is.EqualTo(new (bool?, string)[] { (true, old), (true, $"{now} {old}"), (false, "") }));
        Assert.That(text, Does.Contain("2 connected to the NFS server").And.Contain("not connected").And.Contain("one of"));
        Assert.That(status.Generations.Select(g => (g.Id, g.Clients)), Is.EqualTo(new[] { (now, 1), (old, 2) }));
    }

    [Test]
    public async Task What_a_host_loaded_last_says_more_than_what_it_ever_mounted()
    {
        var old = Publish(Sites.OneServer(), _two.Make("old"));
        var now = Publish(Sites.OneServer(), _two.Make("new"));
        var notes = _two.Temp.Write("rmtab", $"192.168.0.101:/opt/ondemand/generations/{old}/root:0x00000001\n");
        _two.Temp.Write("prefix/var/lib/dom0image/clients.json", $$"""{ "log": "journal", "since": "2026-11-01T00:00:00+00:00", "clients": { "192.168.0.101": { "generation": "{{now}}", "at": "2026-11-28T20:00:00+00:00" }, "192.168.0.103": { "generation": "{{old}}", "at": "2026-11-28T20:00:00+00:00" } } }""");

        var status = await new StatusReader(_two.Places, Sites.OneServer()) { Mounts = notes, Connected = [IPAddress.Parse("192.168.0.101")] }.ReadAsync([], probe: false, default);

        Assert.That(status.Generations.Select(g => (g.Id, g.Clients)), Is.EqualTo(new[] { (now, 1), (old, 0) }));
        Assert.That(StatusText.Write(status, eachHost: true), Does.Match($@"post01 .* {now} +\?\n").And.Match($@"post03 .* not connected; loaded {old} last +\?\n"));
    }

    [Test]
    public async Task A_damaged_generation_is_told_of_and_stops_nothing()
    {
        Publish(Sites.OneServer(), _two.Make("old"));
        var bad = _two.Make("bad");
        File.WriteAllText(GenerationTree.Finished(_two.Places, bad).InfoFile, "{");
        Directory.CreateDirectory(_two.Places.OnDisk($"{Places.Generations}/lost+found"));

        var status = await ReadAsync(Sites.OneServer());

        Assert.That(status.Generations.Select(g => g.Role), Is.EqualTo(new[] { GenerationRole.Booted, GenerationRole.Damaged }));
        Assert.That(StatusText.Write(status, eachHost: false), Does.Contain($"Damaged: {bad}: cannot read"));
    }

    [Test]
    public async Task What_another_generation_has_too_is_not_a_generations_own()
    {
        var content = new string('x', 100_000);
        var one = Publish(Sites.OneServer(), _two.Make("one", fill: root => root.Write("/usr/share/large", content)));
        var shared = GenerationTree.Finished(_two.Places, one).Root + "/usr/share/large";
        _two.Make("two", fill: root =>
        {
            Directory.CreateDirectory(root["/usr/share"]);
            Dom0Image.Posix.FileChange.TryMakeName(root["/usr/share/large"], shared);
        });
        _two.Make("three", fill: root => root.Write("/usr/share/large", content));

        var sizes = (await ReadAsync(Sites.OneServer())).Generations.ToDictionary(g => g.Id, g => g.OwnBytes);

        Assert.That(sizes["trixie-two"], Is.LessThan(90_000));
        Assert.That(sizes["trixie-three"], Is.GreaterThanOrEqualTo(100_000));
    }

    [Test]
    public async Task Five_thousand_hosts_fit_a_screen_and_are_all_in_the_data()
    {
        var site = Sites.OneServer();
        site = site with { Hosts = [.. Enumerable.Range(0, 5_000).Select(i => new BootHost($"h{i}", MacAddress.Parse($"02-00-00-00-{i >> 8:x2}-{i & 255:x2}"), new IPAddress([10, 1, (byte)(i / 250), (byte)((i % 250) + 1)]), i % 2 == 0 ? "dom0" : "plain"))] };
        Publish(site, _two.Make("old"));

        var status = await ReadAsync(site);
        var text = StatusText.Write(status, eachHost: false);

        Assert.That(text, Does.Contain("Hosts: 5,000").And.Match(@"dom0 +trixie-old +not known +2,500 +\? +h0\n"));
        Assert.That(text.Split('\n'), Has.Length.LessThan(25).And.All.Length.LessThanOrEqualTo(100));
        Assert.That(status.Hosts, Has.Length.EqualTo(5_000));
        Assert.That((await ReadAsync(site, "h42", "h499*")).Hosts.Select(h => h.Name), Is.EqualTo(new[] { "h42", "h499" }.Concat(Enumerable.Range(4990, 10).Select(i => $"h{i}"))));
        Assert.That(() => ReadAsync(site, "g42"), Throws.TypeOf<BuildFailedException>().With.Message.EqualTo("site lab has no host 'g42'. Did you mean 'h42'?"));
    }

    [Test]
    public async Task Long_names_are_broken_and_not_cut()
    {
        var site = Sites.OneServer();
        site = site with { Hosts = [site.Hosts[0] with { Name = new string('n', 63) }] };
        Publish(site, _two.Make(new string('g', 100)));

        var text = StatusText.Write(await ReadAsync(site), eachHost: true);

        Assert.That(text.Split('\n'), Has.All.Length.LessThanOrEqualTo(100));
        Assert.That(text.Count(sign => sign == 'n'), Is.GreaterThan(63));
    }

    [Test]
    public async Task I_see_who_answers()
    {
        var site = Sites.OneServer();
        site = site with { Hosts = [site.Hosts[0] with { Address = IPAddress.Loopback }, site.Hosts[1] with { Address = IPAddress.Parse("127.0.0.2") }] };

        var status = await new StatusReader(_two.Places, site).ReadAsync([], probe: true, default);

        Assert.That(status.Hosts.Select(h => h.Answers), Is.EqualTo(new bool?[] { true, true }));
        Assert.That((await ReadAsync(site)).Hosts.Select(h => h.Answers), Is.EqualTo(new bool?[] { null, null }), "nobody is asked unless it is wished");
    }

    [Test]
    public async Task Nothing_is_written()
    {
        Publish(Sites.OneServer(), _two.Make("old"));
        var before = Times();

        await ReadAsync(Sites.OneServer());

        Assert.That(Times(), Is.EqualTo(before));

        Dictionary<string, DateTime> Times() => new DirectoryInfo(_two.Places.Prefix).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).ToDictionary(entry => entry.FullName, entry => entry.LastWriteTimeUtc);
    }

    private Task<SiteStatus> ReadAsync(Site site, params ImmutableArray<string> hosts) => new StatusReader(_two.Places, site).ReadAsync(hosts, probe: false, default);

    private string Publish(Site site, string id)
    {
        using var built = BuiltMenus.Write(BootFiles.Generate(site, PublishedGeneration.Named(_two.Places, id)), _two.Store);
        new Publication(_two.Places).Publish(new PublicationRequest(id, built.Menus));
        return id;
    }

    private void Report(string id, string? kind)
    {
        if (kind is null)
        {
            return;
        }

        var directory = Directory.CreateDirectory(BootReportFiles.DirectoryOf(GenerationTree.Finished(_two.Places, id))).FullName;
        BootReportFiles.Write(directory, new BootReport(id, [], DateTimeOffset.UnixEpoch, kind != "failed", "TCG", 2, [])
        {
            NotBooted = kind == "quick" ? ["uefi-xen"] : [],
            Problems = kind == "failed" ? [new BootProblem("it stood still", [], ["a\u001b[2Jline"], null)] : [],
        });
    }
}
