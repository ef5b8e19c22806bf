using System.Diagnostics;
using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Testing;

namespace Dom0Image.Tasks;

/// <summary>Runs the tests that take too long for every run, and keeps their results in <c>tests/LongTest.md</c>.</summary>
[TaskName("LongTest")]
[TaskDescription("Builds and runs the long tests, or the parts that --filter names, and writes tests/LongTest.md.")]
[NeedsOfTests]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class LongTestTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var parts = LongTestPart.Chosen(context.Options.Filter);
        var runner = TestRunner.Of(context.Repository);
        var page = Path.Combine(context.Repository, "tests", "LongTest.md");
        var total = TestTally.None;
        await context.RunStageAsync("tests, compile", runner.BuildAsync).ConfigureAwait(false);
        foreach (var part in parts)
        {
            var watch = Stopwatch.StartNew();
            var tally = await context.RunStageAsync(
                $"tests, {part.Name}",
                async stage =>
                {
                    var commit = await TestedCommit.OfAsync(context.Repository, stage).ConfigureAwait(false);
                    var found = TestTally.Required(await runner.RunAsync(stage, part.Group).ConfigureAwait(false), part.Name);
                    await LastResults.UpdateAsync(page, existing => LongTestPage.With(existing, part, found, watch.Elapsed, DateTimeOffset.UtcNow, commit), stage.Cancellation).ConfigureAwait(false);
                    return found;
                },
                t => new StageFacts { From = t.ToString() }).ConfigureAwait(false);
            total = total.Plus(tally);
            context.Report.LastLine = total.ToString();
        }

        total.RequireSuccess();
    }
}
