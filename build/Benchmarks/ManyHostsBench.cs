using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Recipes;

namespace Dom0Image.Benchmarks;

/// <summary>Sites of up to 20,000 hosts: read and checked, their menus written and published durably, and found unchanged.</summary>
internal sealed class ManyHostsBench : IBenchmark
{
    private const int Rounds = 3;
    private static readonly ImmutableArray<int> Sizes = [2_500, 5_000, 10_000, 20_000];

    /// <inheritdoc/>
    public string Name => "hosts";

    /// <inheritdoc/>
    public string Title => "Sites of many hosts";

    /// <inheritdoc/>
    public Task<BenchSection> RunAsync(BenchBed bed)
    {
        var boot = new GenerationBoot("many-0123456789ab", [new BootKernel("generic", "kernel-6.12-generic")], "xen-4.20.gz");
        var rows = ImmutableArray.CreateBuilder<Row>();
        foreach (var daily in new[] { false, true })
        {
            foreach (var hosts in Sizes)
            {
                bed.Context.Progress.Report($"{hosts} hosts{(daily ? " with a daily server" : "")}");
                rows.Add(Measure(hosts, daily, boot, bed));
            }
        }

        return Task.FromResult(Section(rows.ToImmutable()));
    }

    private static Row Measure(int hosts, bool daily, GenerationBoot boot, BenchBed bed)
    {
        var rounds = Enumerable.Range(0, Rounds + 1).Select(_ => Once(hosts, daily, boot, bed)).Skip(1).ToImmutableArray();
        return new Row(hosts, daily, Middle(rounds.Select(r => r.Read)), Middle(rounds.Select(r => r.Written)), Middle(rounds.Select(r => r.Unchanged)));
    }

    private static (TimeSpan Read, TimeSpan Written, TimeSpan Unchanged) Once(int hosts, bool daily, GenerationBoot boot, BenchBed bed)
    {
        var home = bed.In("many-hosts");
        var places = new Places(Path.Combine(home, "prefix"));
        var file = Path.Combine(home, "many.yaml");
        try
        {
            Directory.CreateDirectory(places.OnDisk(Places.Menus));
            File.WriteAllText(file, Text(hosts, daily));
            Site site = null!;
            var read = Time(() => site = SiteReader.Read(file));
            bool Place()
            {
                using var built = BuiltMenus.FindOrWrite(BootFiles.Generate(site, boot), places, bed.Context.Store);
                var stands = MenuDirectory.Stands(places, built.Menus);
                if (!stands)
                {
                    MenuDirectory.Place(places, built.Menus);
                }

                return stands;
            }

            var written = Time(() => Place());
            return (read, written, Time(() => Place()));
        }
        finally
        {
            SafeDelete.Tree(home);
        }
    }

    private static BenchSection Section(ImmutableArray<Row> rows)
    {
        var (plain, daily) = (rows.Last(r => !r.Daily), rows.Last(r => r.Daily));
        return new BenchSection("Sites of many hosts")
        {
            About =
            [
                "In the process, without the servers' own checks: the site is read and checked; its menus are made, written and published, all of it written out to the disk; "
                    + "the same once more, where they are found as they are. With a daily server each host has a menu of its own.",
            ],
            Comparisons =
            [
                Comparison.Time($"{plain.Hosts:N0} hosts read and checked", plain.Read, 2),
                Comparison.Time($"{plain.Hosts:N0} hosts' menus written", plain.Written, 5),
                Comparison.Time($"{plain.Hosts:N0} hosts' menus found unchanged", plain.Unchanged, 1),
                Comparison.Time($"{daily.Hosts:N0} hosts' menus written, with a daily server", daily.Written, 10),
                Comparison.Time($"{daily.Hosts:N0} hosts' menus found unchanged, with a daily server", daily.Unchanged, 2),
            ],
            Table =
            [
                "| hosts | read and checked | menus written | found unchanged |",
                "| --- | --- | --- | --- |",
                .. rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"| {r.Hosts:N0}{(r.Daily ? ", daily server" : "")} | {Tables.Seconds(r.Read)} s | {Tables.Seconds(r.Written)} s | {Tables.Seconds(r.Unchanged)} s |")),
            ],
        };
    }

    private static string Text(int hosts, bool daily)
    {
        var text = new StringBuilder("boot-server: 10.0.0.5\nsubnets: [{ network: 10.0.0.0/15 }]\nroot-login: { password: locked }\nprofiles: { dom0: { title: Xen } }\n");
        text.Append(daily ? "daily: { server: 10.0.0.6, title: Today, kernel: /kernel/ltsp }\nhosts:\n" : "hosts:\n");
        for (var i = 0; i < hosts; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  h{i}: {{ mac: 02:00:00:00:{i >> 8:x2}:{i & 255:x2}, address: 10.1.{i / 250}.{(i % 250) + 1}, profile: dom0 }}\n");
        }

        return text.ToString();
    }

    private static TimeSpan Time(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed;
    }

    private static TimeSpan Middle(IEnumerable<TimeSpan> times) => times.Order().ElementAt(Rounds / 2);

    private sealed record Row(int Hosts, bool Daily, TimeSpan Read, TimeSpan Written, TimeSpan Unchanged);
}
