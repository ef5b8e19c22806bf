using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dom0Image.Boot;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Verification;

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
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var boot = new GenerationBoot("many-0123456789ab", [new BootKernel("generic", "kernel-6.12-generic")], "xen-4.20.gz");
        (int Hosts, bool Daily)[] kinds = [.. Sizes.Select(hosts => (hosts, false)), .. Sizes.Select(hosts => (hosts, true))];
        var places = 0;
        (string, Func<Task<Row>>) Kind(int hosts, bool daily)
            => ($"{hosts} hosts{(daily ? " with a daily server" : "")}", () => Task.FromResult(Once(hosts, daily, boot, bed, $"many-hosts-{places++}")));

        // The first turn is not counted: what is compiled at first use is no part of it.
        var runs = await Turns.RunAsync(Rounds + 1, bed.Tell, [.. kinds.Select(kind => Kind(kind.Hosts, kind.Daily))]).ConfigureAwait(false);
        return Section([.. kinds.Select((kind, index) => Middle(kind.Hosts, kind.Daily, runs[index][1..]))]);
    }

    private static Row Middle(int hosts, bool daily, ImmutableArray<Row> runs)
        => new(hosts, daily, Middle(runs.Select(r => r.Read)), Middle(runs.Select(r => r.AllWrong)), Middle(runs.Select(r => r.Written)), Middle(runs.Select(r => r.Unchanged)));

    // Each has a place of its own, and nothing is deleted before the last: an ext4 without a journal searches long for a new inode
    // where many have just become free.
    private static Row Once(int hosts, bool daily, GenerationBoot boot, BenchBed bed, string name)
    {
        var home = bed.In(name);
        var places = new Places(Path.Combine(home, "prefix"));
        var generation = GenerationTree.Finished(places, boot.GenerationId);
        foreach (var directory in new[] { places.OnDisk(Places.Menus), generation.Kernels, generation.Hypervisors, generation.KernelFacts })
        {
            Directory.CreateDirectory(directory);
        }

        foreach (var part in new[] { Path.Combine(generation.Kernels, boot.Kernels[0].FileName), generation.ConfigOf(boot.Kernels[0].FileName), Path.Combine(generation.Hypervisors, boot.HypervisorFileName!) })
        {
            File.WriteAllText(part, "CONFIG_TMPFS=y\n");
        }

        var file = Path.Combine(home, "many.yaml");
        File.WriteAllText(file, Text(hosts, daily, "dmo0"));
        var wrong = Time(() => Refused(file, hosts));
        File.WriteAllText(file, Text(hosts, daily, "dom0"));
        Site site = null!;
        var read = Time(() => site = SiteReader.Read(file));
        void Place(bool anew)
        {
            using var built = BuiltMenus.FindOrWrite(BootFiles.Generate(site, boot), places, bed.Context.Store);
            var menus = built.Menus.Read();
            var refused = GenerationVerification.CheckMenus(new CheckedGeneration(generation, menus, (_, _, _) => [])).FirstOrDefault();
            Require(refused is null, $"the menus were refused: {refused}");
            Require(MenuDirectory.Stands(places, built.Menus) != anew, $"the menus were {(anew ? "there already" : "not found")}");
            if (anew)
            {
                MenuDirectory.Place(places, built.Menus);
            }
        }

        return new Row(hosts, daily, read, wrong, Time(() => Place(anew: true)), Time(() => Place(anew: false)));
    }

    private static void Refused(string file, int hosts)
    {
        try
        {
            _ = SiteReader.Read(file);
        }
        catch (BuildFailedException problem)
        {
            Require(problem.Diagnostics.Count == hosts, $"{problem.Diagnostics.Count} problems were found");
            return;
        }

        Require(false, "no problem was found");
    }

    // A time of something else than what is measured would be worth nothing.
    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new BuildFailedException(new Diagnostic($"the benchmark does not measure what it says: {otherwise}"));
        }
    }

    private static BenchSection Section(ImmutableArray<Row> rows)
    {
        var (plain, daily) = (rows.Last(r => !r.Daily), rows.Last(r => r.Daily));
        var quarter = rows.Single(r => !r.Daily && r.Hosts == plain.Hosts / 4);
        return new BenchSection("Sites of many hosts")
        {
            About =
            [
                "In the process, without the servers' own checks: the site is read and checked, and once more where each of its hosts names a profile that is not there; "
                    + "its menus are made, written, read again, checked against the generation and published, all of it written out to the disk; "
                    + "the same once more, where they are found as they are. With a daily server each host has a menu of its own.",
            ],
            Comparisons =
            [
                Comparison.Time($"{plain.Hosts:N0} hosts read and checked", plain.Read, 2),
                Comparison.Time($"{plain.Hosts:N0} hosts, each of them wrong, read and told of", plain.AllWrong, 2),
                Comparison.Time($"{plain.Hosts:N0} hosts' menus written", plain.Written, 5),
                Comparison.Time($"{plain.Hosts:N0} hosts' menus found unchanged", plain.Unchanged, 1),
                Comparison.Time($"{daily.Hosts:N0} hosts' menus written, with a daily server", daily.Written, 10),
                Comparison.Time($"{daily.Hosts:N0} hosts' menus found unchanged, with a daily server", daily.Unchanged, 2),
                new Comparison($"{plain.Hosts:N0} hosts / {quarter.Hosts:N0} hosts, read and checked", plain.Read / quarter.Read, null),
                new Comparison($"{plain.Hosts:N0} hosts / {quarter.Hosts:N0} hosts, menus written", plain.Written / quarter.Written, null),
                new Comparison($"{plain.Hosts:N0} hosts / {quarter.Hosts:N0} hosts, found unchanged", plain.Unchanged / quarter.Unchanged, null),
            ],
            Table =
            [
                "| hosts | read and checked | each of them wrong | menus written | found unchanged |",
                "| --- | --- | --- | --- | --- |",
                .. rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"| {r.Hosts:N0}{(r.Daily ? ", daily server" : "")} | {Tables.Seconds(r.Read)} s | {Tables.Seconds(r.AllWrong)} s | {Tables.Seconds(r.Written)} s | {Tables.Seconds(r.Unchanged)} s |")),
            ],
        };
    }

    private static string Text(int hosts, bool daily, string profile)
    {
        var text = new StringBuilder("boot-server: 10.0.0.5\nsubnets: [{ network: 10.0.0.0/15 }]\nroot-login: { password: locked }\nprofiles: { dom0: { title: Xen } }\n");
        text.Append(daily ? "daily: { server: 10.0.0.6, title: Today, kernel: /kernel/ltsp }\nhosts:\n" : "hosts:\n");
        for (var i = 0; i < hosts; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  h{i}: {{ mac: 02:00:00:00:{i >> 8:x2}:{i & 255:x2}, address: 10.1.{i / 250}.{(i % 250) + 1}, profile: {profile} }}\n");
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

    private sealed record Row(int Hosts, bool Daily, TimeSpan Read, TimeSpan AllWrong, TimeSpan Written, TimeSpan Unchanged);
}
