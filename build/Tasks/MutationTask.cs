using System.Diagnostics;
using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Testing;

namespace Dom0Image.Tasks;

/// <summary>Finds out what the fast tests would notice, and keeps it in <c>tests/Mutation.md</c>.</summary>
[TaskName("Mutation")]
[TaskDescription("Changes the program in one place after the other and runs the fast tests on each; --filter names rooms. Writes tests/Mutation.md.")]
[NeedsOfTests]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class MutationTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var runner = new MutationRunner(context.Repository);
        var page = Path.Combine(context.Repository, "tests", "Mutation.md");
        foreach (var room in MutationRoom.Chosen(context.Options.Filter))
        {
            await context.RunStageAsync(
                $"mutation, {room.Name}",
                async stage =>
                {
                    var (watch, commit) = (Stopwatch.StartNew(), await TestedCommit.OfAsync(context.Repository, stage).ConfigureAwait(false));
                    var tally = await runner.RunAsync(stage, room).ConfigureAwait(false);
                    await LastResults.UpdateAsync(page, existing => MutationPage.With(existing, room, tally, watch.Elapsed, DateTimeOffset.UtcNow, commit), stage.Cancellation).ConfigureAwait(false);
                    await File.WriteAllLinesAsync(Path.Combine(context.Repository, "TestResults", "mutation", $"{room.Name}.txt"), tally.Left, stage.Cancellation).ConfigureAwait(false);
                    return tally;
                },
                tally => new StageFacts { From = tally.ToString() }).ConfigureAwait(false);
        }
    }
}
