using System.Diagnostics;
using Cake.Frosting;
using Dom0Image.Benchmarks;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Measures this project against other ways to the same ends, and writes <c>bench/RESULTS.md</c>.</summary>
[TaskName("Bench")]
[TaskDescription("Measures all, or the benchmarks that --filter names, and writes bench/RESULTS.md. Takes an hour.")]
[Needs(ToolSet.RootFs, ToolSet.Kernels, ToolSet.Guest, ToolSet.BootFiles, ToolSet.Storage, ToolSet.BootLab, ToolSet.Benchmarks)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class BenchTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var chosen = BenchmarkList.Chosen(context.Options.Filter);
        using var bed = await context.RunStageAsync("bench bed", stage => BenchBed.MakeAsync(context.Repository, context.Options, stage)).ConfigureAwait(false);
        var page = Path.Combine(context.Repository, "bench", "RESULTS.md");
        var failed = new List<Diagnostic>();
        foreach (var benchmark in chosen)
        {
            var (when, load, watch) = (DateTimeOffset.UtcNow, LoadAverage.OfLastMinute(), Stopwatch.StartNew());
            string text;
            try
            {
                var section = await context.RunStageAsync(
                    $"bench {benchmark.Name}",
                    stage => benchmark.RunAsync(bed.With(stage)),
                    done => new StageFacts { From = string.Join("; ", done.Comparisons.Select(c => c.ToString())) }).ConfigureAwait(false);
                text = ResultsPage.Render(section, when, load, watch.Elapsed);
            }
            catch (BuildFailedException problem)
            {
                // The others are worth having all the same.
                failed.AddRange(problem.Diagnostics);
                text = ResultsPage.Failed(benchmark.Title, "see the log of the run.");
            }

            Write(page, benchmark.Title, text);
        }

        if (failed.Count > 0)
        {
            throw new BuildFailedException(failed);
        }
    }

    private static void Write(string page, string title, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        var existing = File.Exists(page) ? File.ReadAllText(page) : "";
        File.WriteAllText(page, ResultsPage.Merge(existing, BenchmarkList.All.Select(b => b.Title), new Dictionary<string, string> { [title] = text }));
    }
}
