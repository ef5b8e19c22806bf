using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Nightly;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>A build for timers and CI: asks nothing, publishes where the site says so, and leaves a result. The run's end writes it.</summary>
[TaskName("Nightly")]
[TaskDescription("For timers: builds, boots, publishes if the site says 'publish: auto', deletes what nobody needs; a result as JSON.")]
[Needs(ToolSet.Guest)]
[IsDependentOn(typeof(NightStartTask))]
[IsDependentOn(typeof(BootTestTask))]
public sealed class NightlyTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var (night, plan) = (context.HandOver.Take(NightStartTask.Night), context.HandOver.Take(PlanTask.Plan));
        var (made, files) = (context.HandOver.Take(RootTask.Generation), context.HandOver.Take(MenusTask.BootFiles));
        var publication = await context.RunStageAsync(
            "publish",
            stage => new NightPublishing(context, plan).PublishAsync(made, files, stage),
            done => new StageFacts { Cached = done.Outcome is NightOutcome.NothingNew, ChecksOnly = done.Why is not null, From = done.Why is null ? $"{done.Outcome}" : $"not published: {done.Outcome}" }).ConfigureAwait(false);
        night.Publication = publication;
        var deleted = await context.RunStageAsync(
            "prune",
            stage => NightPruning.PruneAsync(context, plan.Site, made.Id, stage),
            gone => new StageFacts { ChecksOnly = gone.IsEmpty, From = $"{gone.Length} deleted" }).ConfigureAwait(false);
        night.Publication = publication with { Deleted = deleted };
    }
}
