using System.Collections.Immutable;
using Cake.Frosting;
using Dom0Image.Boot.Servers;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Serving;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Has the boot server serve what was published.</summary>
[TaskName("Serve")]
[TaskDescription("On the boot server: enables and restarts the servers that the site needs, and asks each for what clients will ask.")]
[Needs(ToolSet.BootFiles, ToolSet.Serving)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class ServeTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        var (served, plan) = await context.RunStageAsync("servers, plan", stage => PlanAsync(context, site, stage), done => new StageFacts
        {
            ChecksOnly = true,
            From = $"site {site.Name}; {(done.Plan.ToDo.IsEmpty ? "all run" : $"{done.Plan.ToDo.Length} to see to")}",
        }).ConfigureAwait(false);
        ImmutableArray<(Service Service, Diagnostic Problem)> failed = [];
        if (!plan.ToDo.IsEmpty)
        {
            Consent.Require(context.Options.Yes);
            failed = await context.RunStageAsync("servers, start", stage => new ServeJob(served, stage).ServeAsync(plan), done => new StageFacts
            {
                From = $"{plan.ToDo.Length - done.Length} done",
            }).ConfigureAwait(false);
        }

        ImmutableArray<Diagnostic> wrong = [.. failed.Select(f => f.Problem), .. await context.RunStageAsync("servers, asked", stage => AskAsync(served, failed.Select(f => f.Service), stage), found => new StageFacts
        {
            ChecksOnly = true,
            From = found.IsEmpty ? $"DHCP, TFTP and NFS of {served.Generation}" : $"{found.Length} problems",
        }).ConfigureAwait(false)];
        if (!wrong.IsEmpty)
        {
            throw new BuildFailedException(wrong);
        }

        context.Report.NextStep = NextStep.AfterServing(site, served.Generation);
    }

    private static async Task<(Served Served, ServePlan Plan)> PlanAsync(BuildContext context, Site site, StageContext stage)
    {
        // A boot test has servers of its own, which scripts that stop servers by name would not spare.
        context.HandOver.Hold(await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, stage.Cancellation).ConfigureAwait(false));
        var served = await ServeJob.ReadAsync(site, stage).ConfigureAwait(false);
        context.Report.Exports = await ExportGate.PassAsync(site, context.Places, stage).ConfigureAwait(false);
        var plan = await new ServeJob(served, stage).PlanAsync().ConfigureAwait(false);
        foreach (var step in plan.ToDo)
        {
            stage.Progress.Note($"will {step}");
        }

        return (served, plan);
    }

    private static async Task<ImmutableArray<Diagnostic>> AskAsync(Served served, IEnumerable<Service> failed, StageContext stage)
    {
        var job = new ServeJob(served, stage);
        var wrong = await job.AskAsync(failed).ConfigureAwait(false);
        foreach (var note in job.Notes())
        {
            stage.Progress.Warn($"{note}");
        }

        foreach (var kept in wrong.IsEmpty ? job.Kept() : [])
        {
            stage.Progress.Warn($"{kept.Place} was written or changed by somebody else; {kept.Cure}");
        }

        return wrong;
    }
}
