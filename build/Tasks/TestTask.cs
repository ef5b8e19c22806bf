using Cake.Frosting;
using Dom0Image.Diagnostics;
using Dom0Image.Reporting;
using Dom0Image.Testing;
using Mono.Unix.Native;

namespace Dom0Image.Tasks;

/// <summary>Runs the tests; the run's last line is their real results.</summary>
[TaskName("Test")]
[TaskDescription("Builds and runs all tests, or those that --filter names.")]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class TestTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var results = Path.Combine(context.Repository, "TestResults");
        var runner = new TestRunner(
            Path.Combine(context.Repository, "tests", "Dom0Image.Tests", "Dom0Image.Tests.csproj"),
            results,
            isolated: Syscall.geteuid() == 0);
        var total = TestTally.None;
        context.Report.LastLine = total.ToString();
        await context.RunStageAsync("tests, compile", runner.BuildAsync).ConfigureAwait(false);
        foreach (var group in TestGroup.All)
        {
            var tally = await context.RunStageAsync(
                $"tests, {group.Name}",
                stage => runner.RunAsync(stage, group.Narrowed(context.Options.Filter)),
                t => new StageFacts { From = t.ToString() }).ConfigureAwait(false);
            total = total.Plus(tally);
            context.Report.LastLine = total.ToString();
        }

        if (total.Failures.Length > 0)
        {
            throw new BuildFailedException(total.Failures.Select(f => f.ToDiagnostic()));
        }

        if (total.Count == 0)
        {
            throw new BuildFailedException(new Diagnostic("no test was run") { Hint = "Does --filter name any?" });
        }
    }
}
