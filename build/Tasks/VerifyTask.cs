using Cake.Frosting;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Checks the sealed generation as a whole, with the menus that will name it, and puts it in its place. What fails is thrown away.</summary>
[TaskName("Verify")]
[TaskDescription("Checks the new generation by every rule; one report with all findings.")]
[IsDependentOn(typeof(MenusTask))]
public sealed class VerifyTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override bool ShouldRun(BuildContext context) => context.Options.Generation is null;

    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
        => context.HandOver.Take(RootTask.Generation) is { Staged: { } staged } generation
            ? context.RunStageAsync("verify", stage => VerifyAsync(context, generation, staged, stage), manifest => new StageFacts { From = $"{manifest.Entries.Length:N0} files, no findings", Bytes = manifest.Bytes })
            : Task.CompletedTask;

    private static async Task<Manifest> VerifyAsync(BuildContext context, GenerationTarget generation, StagedGeneration staged, StageContext stage)
    {
        var plan = context.HandOver.Take(PlanTask.Plan);
        var accounts = new AccountReview(plan.Accounts, generation.Accounts, context.Places);
        var review = new GenerationReview(plan, context.HandOver.Take(MaterialsTask.Made), accounts);
        var manifest = review.Verify(staged, context.HandOver.Take(MenusTask.BootFiles).Built!.Menus, stage, HostPaths.Of(context.Store, context.Places, context.Repository));
        if (new GenerationAssembler(context.Places).Exists(staged.Id))
        {
            staged.Dispose();
        }
        else
        {
            staged.Finish();
        }

        accounts.Propose(staged.Id, stage.Progress);
        await GenerationRecord.KeepAsync(generation.Key, staged.Id, stage).ConfigureAwait(false);
        return manifest;
    }
}
