using Dom0Image.Benchmarks;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Tasks;

namespace Dom0Image.Tests.Benchmarks;

internal sealed class BenchmarkSpecs
{
    private static readonly DateTimeOffset When = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void I_can_choose_benchmarks_by_name()
    {
        var chosen = BenchmarkList.Chosen("kernel, base-layer");

        Assert.That(chosen.Select(b => b.Name), Is.EqualTo(new[] { "base-layer", "kernel" }));
        Assert.That(BenchmarkList.Chosen(null), Is.EqualTo(BenchmarkList.All));
    }

    [Test]
    public void I_am_told_the_names_when_I_mistype_one()
    {
        var problem = Assert.Throws<BuildFailedException>(() => BenchmarkList.Chosen("base-layer,kernal"));

        Assert.That(problem!.Message, Does.Contain("'kernal'").And.Contain("nfs"));
    }

    [Test]
    public void I_keep_the_results_of_benchmarks_that_I_do_not_run_again()
    {
        string Section(string title, double figure) => ResultsPage.Render(new BenchSection(title) { Comparisons = [new Comparison("it", figure, 1)] }, When, 0.5, TimeSpan.FromMinutes(3));
        string[] order = ["First", "Second"];
        var page = ResultsPage.Merge("", order, new Dictionary<string, string> { ["First"] = Section("First", 0.11), ["Second"] = Section("Second", 2.22) });

        var again = ResultsPage.Merge(page, order, new Dictionary<string, string> { ["Second"] = Section("Second", 0.33) });

        Assert.That(again, Does.Contain("| it | 0.11 | 1 | met |").And.Contain("| it | 0.33 | 1 | met |").And.Not.Contain("2.22"));
        Assert.That(ResultsPage.Merge(again, order, new Dictionary<string, string>()), Is.EqualTo(again));
    }

    [Test]
    public void I_see_a_missed_target_as_missed()
    {
        Assert.That(new Comparison("it", 1.06, 1.05).ToMarkdown(), Is.EqualTo("| it | 1.06 | 1.05 | **missed** |"));
        Assert.That(Comparison.Time("it", TimeSpan.FromSeconds(10.1), 10).Met, Is.False);
        Assert.That(new Comparison("it", 3, null).ToMarkdown(), Is.EqualTo("| it | 3.00 |  |  |"));
    }

    [Test]
    public void I_see_when_two_roots_do_not_hold_the_same_packages()
    {
        var ours = PackageSet.Of(["udev 1 amd64", "bash 2 amd64"]);

        Assert.That(ours.Compare(PackageSet.Of(["bash 2 amd64", "udev 1 amd64"])), Does.StartWith("the same"));
        Assert.That(ours.Compare(PackageSet.Of(["bash 3 amd64"])), Is.EqualTo("1 more (bash 3 amd64) and 2 fewer (bash 2 amd64, udev 1 amd64)"));
    }

    [Test]
    public async Task I_get_the_median_and_the_processor_time_of_what_was_run()
    {
        var clears = 0;
        var contestant = new Contestant("spin", () => Task.FromResult(clears++), async () =>
        {
            using var spinner = System.Diagnostics.Process.Start("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"]);
            await spinner.WaitForExitAsync();
        });

        var measured = (await Contestant.RaceAsync(3, (_, _) => { }, contestant)).Single();

        Assert.That(clears, Is.EqualTo(3));
        Assert.That(measured.Wall, Is.EqualTo(measured.Runs.Select(r => r.Wall).Order().ElementAt(1)));
        Assert.That(measured.Cpu, Is.GreaterThan(TimeSpan.FromMilliseconds(10)).And.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void I_install_what_we_are_held_against_for_benchmarks_alone()
    {
        bool Debos(string target) => HostToolTable.For(TaskNeeds.Of([target], bootTest: true)).Any(t => t.Package == "debos");

        Assert.That(Debos("Bench"), Is.True);
        Assert.That(Debos("Test"), Is.False);
        Assert.That(Debos("Default"), Is.False);
    }
}
