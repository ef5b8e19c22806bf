using System.Collections.Immutable;
using System.Globalization;

namespace Dom0Image.Benchmarks;

/// <summary>The whole command when nothing changed, and when one overlay file did.</summary>
internal sealed class RebuildBench : IBenchmark
{
    private const int Rounds = 5;

    /// <inheritdoc/>
    public string Name => "rebuild";

    /// <inheritdoc/>
    public string Title => "Nothing changed, one file changed";

    /// <inheritdoc/>
    public async Task<BenchSection> RunAsync(BenchBed bed)
    {
        var plan = await bed.PlanAsync(bed.RecipeName).ConfigureAwait(false);
        string[] command = bed.PublishArguments;
        await bed.BuildAsync(command).ConfigureAwait(false);

        var file = Path.Combine(plan.Overlay(plan.Recipe.Overlays[0]), "etc", "dom0image-benchmark");
        var idle = ImmutableArray.CreateBuilder<BuildRun>();
        var changed = ImmutableArray.CreateBuilder<BuildRun>();
        for (var round = 0; round < Rounds; round++)
        {
            bed.Context.Progress.Report($"nothing changed, run {round + 1} of {Rounds}");
            idle.Add(await bed.BuildAsync(command).ConfigureAwait(false));
            idle[^1].RequireUnchanged("root");
            idle[^1].RequireUnchanged("publish");

            bed.Context.Progress.Report($"one file changed, run {round + 1} of {Rounds}");
            await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"{round}\n"), bed.Context.Cancellation).ConfigureAwait(false);
            changed.Add(await bed.BuildAsync(command).ConfigureAwait(false));
            changed[^1].RequireUnchanged("base layer");
            foreach (var kernel in plan.Recipe.Kernels)
            {
                changed[^1].RequireUnchanged($"kernel {kernel.Name}");
            }
        }

        var startUp = Measurement.OfWall("start-up, before the first stage", idle.Select(r => r.StartUp));
        var work = Measurement.OfWall("nothing changed, after start-up", idle.Select(r => r.Took - r.StartUp));
        var one = Measurement.OfWall("one overlay file changed, whole command", changed.Select(r => r.Took));
        return new BenchSection(Title)
        {
            About = ["The whole command as a user runs it, `./build.sh` with its own check of the sources included; the mirror is asked in each run whether it has something new."],
            Comparisons =
            [
                Comparison.Time("start-up, before the first stage", startUp.Wall, 2),
                Comparison.Time("nothing changed, after start-up", work.Wall, 3),
                Comparison.Time("one overlay file changed, until it is published", one.Wall, 10),
            ],
            Table = Tables.Of(startUp, work, one),
            Commands = [("all three", bed.Show(bed.BuildSh(command), plan.Sources))],
        };
    }
}
