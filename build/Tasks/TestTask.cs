using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Testing;

namespace Dom0Image.Tasks;

/// <summary>Runs the tests; the run's last line is their real results.</summary>
[TaskName("Test")]
[TaskDescription("Builds and runs all tests but the long ones, or those that --filter names.")]
[NeedsOfTests]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class TestTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var runner = TestRunner.Of(context.Repository);
        var total = new TestTotal(tally => context.Report.LastLine = tally.ToString());
        await context.RunStageAsync("tests, compile", runner.BuildAsync).ConfigureAwait(false);
        await Task.WhenAll(TestGroup.Lanes.Select(lane => RunAsync(context, runner, lane, total))).ConfigureAwait(false);
        total.Tally.RequireSuccess();
    }

    private static async Task RunAsync(BuildContext context, TestRunner runner, IEnumerable<TestGroup> lane, TestTotal total)
    {
        foreach (var group in lane)
        {
            total.Add(await context.RunStageAsync(
                $"tests, {group.Name}",
                stage => runner.RunAsync(stage, group.Narrowed(context.Options.Filter)),
                t => new StageFacts { From = t.ToString() }).ConfigureAwait(false));
        }
    }
}
