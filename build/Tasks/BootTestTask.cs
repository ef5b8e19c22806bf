using Cake.Frosting;
using Dom0Image.BootTesting;
using Dom0Image.BootTesting.Report;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Boots the generation the way a lab boots it. One that does not boot is not published.</summary>
[TaskName("BootTest")]
[TaskDescription("Boots the generation in QEMU, from real DHCP, TFTP and NFS servers on a network of their own.")]
[Needs(ToolSet.BootLab, ToolSet.Guest)]
[IsDependentOn(typeof(VerifyTask))]
public sealed class BootTestTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        if (context.BootTest is BootTestExtent.None)
        {
            context.Report.Skip("boot test", "--boot-test=no: this generation was not booted");
            return;
        }

        var plan = GenerationToBoot.Test(
            GenerationToBoot.Of(context.HandOver.Take(PlanTask.Plan), context.Places, context.HandOver.Take(MenusTask.BootFiles).Generation!),
            context.Options.Clients,
            context.BootTest is BootTestExtent.Quick);
        await context.RunStageAsync(
            "boot test",
            async stage =>
            {
                foreach (var note in plan.LeftOut)
                {
                    stage.Progress.Note(note);
                }

                var progress = BootTestProgress.Of(plan);
                return progress.Missing.IsEmpty
                    ? (Report: progress.Proved!, Cached: true)
                    : (Report: await BootAsync(plan with { Scenarios = progress.Missing, Proved = progress.Proved }, stage).ConfigureAwait(false), Cached: false);
            },
            done => new StageFacts { Cached = done.Cached, From = $"{(done.Report.NotBooted.IsEmpty ? "" : "quick: ")}{done.Report.Boots.Length} boot{(done.Report.Boots.Length == 1 ? "" : "s")}, {done.Report.Acceleration}{BootTable.Without(done.Report)}" }).ConfigureAwait(false);
    }

    private static async Task<BootReport> BootAsync(BootTestPlan plan, StageContext stage)
    {
        var result = await BootTest.RunAsync(plan, stage).ConfigureAwait(false);
        var report = BootReport.Of(result);
        stage.Progress.Note(BootTable.Times(report));
        if (result.Passed)
        {
            return report;
        }

        stage.Progress.Note($"report and serial logs: {plan.ReportDirectory}");
        throw new BuildFailedException(result.Problems.Select(problem => new Diagnostic($"boot test: {problem}") { Hint = problem.NextStep }));
    }
}
