using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Tests.BaseLayer;
using Dom0Image.Tests.Generations;

namespace Dom0Image.Tests.Boot;

/// <summary>
/// Sites as large as a university: what is done for each host takes the same time for each, however many there are. Times are
/// this process's own on its processors, since other work on the machine would make those of the clock mean little.
/// </summary>
[NonParallelizable]
internal sealed class ManyHostsSpecs
{
    private const int Many = 20_000;
    private const int Fewer = 5_000;

    // Four times as many, with room for caches that overflow and collections of garbage; what looks through all for each takes sixteen times as long.
    private const double MostGrowth = 10;

    // Where other work shares the processors' caches: times six were seen. The limits themselves are the benchmark's.
    private const double Slack = 8;

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return new TestCaseData((Func<string, string>)(host => host), 0).SetArgDisplayNames("right");
        yield return new TestCaseData((Func<string, string>)(host => host.Replace("profile: dom0", "profile: dmo0")), 1).SetArgDisplayNames("each with a wrong profile");
        yield return new TestCaseData((Func<string, string>)(host => host.Replace("address: 10.", "address: 11.")), 1).SetArgDisplayNames("each in no subnet");
        yield return new TestCaseData((Func<string, string>)(host => host.Replace("profile: dom0", "profile: dom0, dom0-by-default: true")), 1).SetArgDisplayNames("each with a key too many");
        yield return new TestCaseData((Func<string, string>)(host => host.Replace("mac: 02:", "mac: 2:")), 1).SetArgDisplayNames("each with a wrong MAC");
    }

    [TestCaseSource(nameof(Faults))]
    public void I_can_have_twenty_thousand_hosts_read_and_checked(Func<string, string> change, int problemsEach)
    {
        using var temp = new TempDirectory();
        Cost Read(int hosts)
        {
            var file = temp.Write($"site{hosts}.yaml", SiteText(hosts, change));
            return Fastest(() =>
            {
                try
                {
                    Assert.That(SiteReader.Read(file).Hosts, Has.Length.EqualTo(hosts));
                    Assert.That(problemsEach, Is.Zero);
                }
                catch (BuildFailedException problem)
                {
                    Assert.That(problem.Diagnostics, Has.Count.EqualTo(problemsEach * hosts));
                }
            });
        }

        AssertLinear(Read, limit: 2);
    }

    [TestCase(false)]
    [TestCase(true)]
    [Category("Slow")]
    public void I_can_have_their_menus_written_durably_and_found_unchanged(bool daily)
    {
        Cost unchanged = default;
        Cost Write(int hosts)
        {
            using var temp = new TempDirectory();
            var (context, _) = BaseLayerHelp.Context(temp.Path);
            var places = new Places(temp["prefix"]);
            using var sample = new Sample(places.Prefix);
            var boot = new GenerationBoot(sample.Finish("many"), [new BootKernel("generic", "kernel-6.12-xen")], "xen-4.20.gz");
            var site = SiteReader.Read(temp.Write("site.yaml", SiteText(hosts, host => host, daily)));
            PublicationResult Publish()
            {
                var set = BootFiles.Generate(site, boot);
                using var built = BuiltMenus.FindOrWrite(set, places, context.Store);
                Assert.That(PreparedBootFiles.Lacking(built.Menus, GenerationTree.Finished(places, boot.GenerationId)).Select(d => d.What), Is.All.Contains("CONFIG_").Or.Contain("option"));
                return new Publication(places).Publish(new PublicationRequest(boot.GenerationId, built.Menus));
            }

            var written = Measure(() => Assert.That(Publish().Changed, Is.Not.Empty));
            unchanged = Fastest(() => Assert.That(Publish().Changed, Is.Empty));
            return written;
        }

        AssertLinear(Write, limit: daily ? 10 : 5);
        TestContext.Out.WriteLine($"found unchanged: {unchanged}");
        Assert.That(unchanged.All.TotalSeconds, Is.LessThan(Slack * (daily ? 2 : 1)), "found unchanged");
    }

    [TestCase(Many, "h12345.conf", "dom0.conf", "other.conf", TestName = "I_find_one_wrong_link_among_twenty_thousand")]
    [TestCase(Many, "by-mac/02:00:00:01:30:39.conf", "../h12345.conf", "../h12346.conf", TestName = "I_find_one_MAC_among_twenty_thousand_that_leads_to_another_host")]
    [TestCase(Many, "by-mac/02:00:00:01:30:39.conf", "../h12345.conf", "", TestName = "I_find_a_file_in_the_place_of_one_link_of_twenty_thousand")]
    [TestCase(Many, "h99999.conf", null, "", TestName = "I_find_a_file_that_is_not_ours_among_twenty_thousand")]
    [TestCase(Many, "h12345.conf", "dom0.conf", null, TestName = "I_find_one_link_of_twenty_thousand_that_is_gone")]
    [TestCase(200, "daily/h123.conf", null, "# by hand\n", TestName = "I_find_one_daily_menu_that_was_edited")]
    [TestCase(200, "daily/by-mac/02:00:00:01:00:7b.conf", "../h123.conf", "../h124.conf", TestName = "I_find_one_MAC_that_leads_to_the_daily_menu_of_another_host")]
    [Category("Slow")]
    public void I_find_one_among_many(int hosts, string path, string? target, string? instead)
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        var places = new Places(temp["prefix"]);
        using var sample = new Sample(places.Prefix);
        var boot = new GenerationBoot(sample.Finish("many"), [new BootKernel("generic", "kernel-6.12-xen")], "xen-4.20.gz");
        var set = BootFiles.Generate(SiteReader.Read(temp.Write("site.yaml", SiteText(hosts, host => host, daily: hosts < Many))), boot);
        PublicationResult Publish()
        {
            using var built = BuiltMenus.FindOrWrite(set, places, context.Store);
            return new Publication(places).Publish(new PublicationRequest(boot.GenerationId, built.Menus));
        }

        Publish();
        var wrong = Path.Combine(places.OnDisk(Places.CurrentMenus), path);
        Assert.That(new FileInfo(wrong).LinkTarget, Is.EqualTo(target), "it is what it is thought to be");
        Assert.That(Publish().Changed, Is.Empty);
        File.Delete(wrong);
        if (target is not null && instead is { Length: > 0 })
        {
            File.CreateSymbolicLink(wrong, instead);
        }
        else if (instead is not null)
        {
            File.WriteAllText(wrong, instead);
        }

        Assert.That(Publish().Changed, Is.EqualTo(new[] { $"{Places.Menus}/{set.MenuKey}" }));
        Assert.That(Publish().Changed, Is.Empty);
        Assert.That(new FileInfo(wrong).LinkTarget, Is.EqualTo(target));
        Assert.That(new FileInfo(wrong).Exists, Is.EqualTo(set.Menus.ContainsKey(path)));
    }

    [Test]
    public void I_have_links_with_the_same_target_as_one_link_with_several_names()
    {
        const int Hosts = 200;
        using var temp = new TempDirectory();
        var boot = new GenerationBoot("many-0123456789ab", [new BootKernel("generic", "kernel-6.12-xen")], "xen-4.20.gz");
        var set = BootFiles.Generate(SiteReader.Read(temp.Write("site.yaml", SiteText(Hosts, host => host, daily: true))), boot);

        BootFilesWriter.WriteMenus(set, temp["menus"]);

        Assert.That(FileNode.Get(temp["menus/h1.conf"]).Links, Is.EqualTo(Hosts), "a link for each profile");
        Assert.That(FileNode.Get(temp["menus"]).Below().Where(node => !node.IsDirectory).Select(node => node.Inode).Distinct().Count(), Is.EqualTo(1 + 1 + (2 * Hosts)), "the profile, its link, and for each host a MAC and a daily menu");
        Assert.That(MenuReading.Of(temp["menus"]) is var read && BootFilesWriter.AreMenus(set, read));
    }

    private static void AssertLinear(Func<int, Cost> measure, double limit)
    {
        // What is compiled at first use is no part of it.
        measure(100);
        var fewer = measure(Fewer);
        // Which part is the system's the kernel finds by sampling: of a short run it may have sampled nothing else.
        for (var again = 0; again < 3 && fewer.Ours < 0.1 * fewer.All; again++)
        {
            fewer = measure(Fewer);
        }

        var many = measure(Many);
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Fewer} hosts {fewer}, {Many} hosts {many}"));
        Assert.That(many.All.TotalSeconds, Is.LessThan(Slack * limit));
        // On a busy machine it may see nothing of any of them: then all counts.
        var growth = fewer.Ours < 0.1 * fewer.All ? many.All / fewer.All : many.Ours / fewer.Ours;
        Assert.That(growth, Is.LessThan(MostGrowth), "growth from 5,000 to 20,000");
    }

    private static Cost Fastest(Action action) => Enumerable.Range(0, 3).Select(_ => Measure(action)).MinBy(cost => cost.All);

    private static Cost Measure(Action action)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = (process.TotalProcessorTime, process.UserProcessorTime);
        action();
        process.Refresh();
        return new Cost(process.TotalProcessorTime - before.TotalProcessorTime, process.UserProcessorTime - before.UserProcessorTime);
    }

    // Growth is ours alone: a file system may search long for a new inode where other tests have just deleted many.
    private readonly record struct Cost(TimeSpan All, TimeSpan Ours)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{All.TotalSeconds:F2} s (without the system {Ours.TotalSeconds:F2} s)");
    }

    private static string SiteText(int hosts, Func<string, string> change, bool daily = false)
    {
        var text = new StringBuilder($$"""
            boot-server: 10.0.0.5
            {{(daily ? "daily: { server: 10.0.0.6, title: Today, kernel: /kernel/ltsp }" : "")}}
            subnets:
              - network: 10.0.0.0/15
            profiles:
              dom0: { title: Xen }
            root-login:
              password: locked
            hosts:

            """);
        for (var i = 0; i < hosts; i++)
        {
            var number = i + 0x10000;
            text.Append(change(string.Create(CultureInfo.InvariantCulture, $"  h{i}: {{ mac: 02:00:00:{number >> 16:x2}:{(number >> 8) & 255:x2}:{number & 255:x2}, address: 10.1.{i / 250}.{(i % 250) + 1}, profile: dom0 }}\n")));
        }

        return text.ToString();
    }
}
