using Dom0Image.Boot;
using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab;
using Dom0Image.BootTesting;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Store;

namespace Dom0Image.Benchmarks;

/// <summary>The whole boot test with its scenarios side by side, and one after the other.</summary>
internal sealed class SideBySideBench : IBenchmark
{
    private const int Rounds = 2;
    private const int Clients = 3;

    /// <inheritdoc/>
    public string Name => "side-by-side";

    /// <inheritdoc/>
    public string Title => "Boot test, its scenarios side by side";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        await bed.BuildAsync(bed.PublishArguments).ConfigureAwait(false);
        var places = new Places(bed.Prefix);
        var boot = PublishedGeneration.Current(places)
            ?? throw new BuildFailedException(new Diagnostic("benchmark: nothing was published that could be booted"));
        var plan = GenerationToBoot.Test(GenerationToBoot.Of(await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false), places, boot), Clients) with { ReportDirectory = bed.In("reports") };
        // A store apart: a build in the run's own would take our work for something left behind.
        var context = bed.Context with { Store = new BuildStore(bed.In("boots")) };
        // Made by the first who asks, and no part of it.
        await GrubImages.MakeAsync(context, LabSite.SerialLine).ConfigureAwait(false);
        Contestant Test(string name, int? clients) => new(name, () => Task.CompletedTask, async () =>
        {
            var result = await BootTest.RunAsync(plan with { ClientsAtOnce = clients }, context).ConfigureAwait(false);
            if (!result.Passed)
            {
                throw new BuildFailedException(result.Problems.Select(p => new Diagnostic($"benchmark of the boot test, {name}: {p}")));
            }
        });

        var measured = await Contestant.RaceAsync(
            Rounds,
            (what, fraction) => bed.Context.Progress.Report($"boot test, {what}", fraction),
            Test("side by side", null),
            Test("one after the other", 1)).ConfigureAwait(false);
        return new BenchSection(Title)
        {
            About = [$"{plan.Scenarios.Length} scenarios of the published generation ({string.Join(", ", plan.Scenarios.Select(s => s.Name))}), each on a network of its own; all passed. Side by side run up to {LabRequirements.ClientsAtOnce()} clients, as many as there are processors and memory; a scenario of several clients boots them at once either way."],
            Comparisons = [Comparison.Ratio("side by side / one after the other", measured[0], measured[1], 0.75)],
            // Without processor times: who ends a client has not waited for it.
            Table = Tables.Of([.. measured.Select(m => Measurement.OfWall(m.Name, m.Runs.Select(run => run.Wall)))]),
            Versions = PackageVersions.Of("qemu-system-x86", "nfs-ganesha"),
        };
    }
}
