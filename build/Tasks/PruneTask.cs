using Cake.Frosting;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Pipeline;
using Dom0Image.Pruning;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Deletes old generations that no menu names and no client may run; says first which, and asks.</summary>
[TaskName("Prune")]
[TaskDescription("Deletes old generations: never the newest, what a menu names, or what a client may still run. Asks first.")]
public sealed class PruneTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        var plan = await context.RunStageAsync("prune, plan", stage => PlanAsync(context, site, stage), plan => new StageFacts
        {
            ChecksOnly = true,
            From = $"{plan.Kept.Length} kept, {(plan.Doomed.IsEmpty ? "none to delete" : $"{plan.Doomed.Length} to delete")}",
        }).ConfigureAwait(false);
        if (!plan.Doomed.IsEmpty)
        {
            Consent.Require(context.Options.Yes);
            await context.RunStageAsync(
                "prune",
                stage => Task.Run(() => new PruneJob(context.Places, stage).Delete(plan), stage.Cancellation),
                gone => new StageFacts { From = $"{gone.Count} of {plan.Doomed.Length} deleted, {HumanText.Size(plan.Freed)}" }).ConfigureAwait(false);
        }
    }

    private static async Task<PrunePlan> PlanAsync(BuildContext context, Site site, StageContext stage)
    {
        context.HandOver.Hold(await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, stage.Cancellation).ConfigureAwait(false));
        return await new PruneJob(context.Places, stage).PlanAsync(context.Options, site, Path.Combine(context.Repository, "recipes")).ConfigureAwait(false);
    }
}
