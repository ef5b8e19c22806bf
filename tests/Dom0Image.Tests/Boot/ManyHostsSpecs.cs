using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Tests.Generations;
using Dom0Image.Tests.RootFs;

namespace Dom0Image.Tests.Boot;

/// <summary>
/// Sites as large as a university: what is done for each host takes the same time for each, however many there are. Times are
/// this process's own on its processors, since other work on the machine would make those of the clock mean little.
/// </summary>
[NonParallelizable]
public sealed class ManyHostsSpecs
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
        TimeSpan Read(int hosts)
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
    public void I_can_have_their_menus_written_durably_and_found_unchanged(bool daily)
    {
        TimeSpan unchanged = default;
        TimeSpan Write(int hosts)
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
        Assert.That(unchanged.TotalSeconds, Is.LessThan(Slack * (daily ? 2 : 1)), "found unchanged");
    }

    private static void AssertLinear(Func<int, TimeSpan> measure, double limit)
    {
        // What is compiled at first use is no part of it.
        measure(100);
        var fewer = measure(Fewer);
        var many = measure(Many);
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Fewer} hosts {fewer.TotalSeconds:F2} s, {Many} hosts {many.TotalSeconds:F2} s"));
        Assert.That(many.TotalSeconds, Is.LessThan(Slack * limit));
        Assert.That(many / fewer, Is.LessThan(MostGrowth), "growth from 5,000 to 20,000");
    }

    private static TimeSpan Fastest(Action action) => Enumerable.Range(0, 3).Select(_ => Measure(action)).Min();

    private static TimeSpan Measure(Action action)
    {
        GC.Collect();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        action();
        return Process.GetCurrentProcess().TotalProcessorTime - before;
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
