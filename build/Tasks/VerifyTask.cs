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
    public override async Task RunAsync(BuildContext context)
    {
        var generation = context.HandOver.Take(RootTask.Generation);
        var accounts = new AccountReview(context.HandOver.Take(PlanTask.Plan).Accounts, generation.Accounts, context.Places);
        if (generation.Staged is { } staged)
        {
            await context.RunStageAsync(
                "verify",
                stage => VerifyAsync(context, generation, staged, accounts, stage),
                manifest => new StageFacts { From = $"{manifest.Entries.Length:N0} files, no findings", Bytes = manifest.Bytes }).ConfigureAwait(false);
        }
        else
        {
            // It was verified when it was made, and other accounts may be published by now.
            accounts.RequireNoShifts(generation.Id);
        }
    }

    private static async Task<Manifest> VerifyAsync(BuildContext context, GenerationTarget generation, StagedGeneration staged, AccountReview accounts, StageContext stage)
    {
        var review = new GenerationReview(context.HandOver.Take(PlanTask.Plan), context.HandOver.Take(MaterialsTask.Made), accounts);
        var manifest = review.Verify(staged, context.HandOver.Take(MenusTask.BootFiles).Built!.Menus, stage, HostPaths.Of(context.Store, context.Places, context.Repository));
        if (new GenerationAssembler(context.Places).Exists(staged.Id))
        {
            stage.Progress.Report("comparing the one that stands", 0.8);
            GenerationCheck.Require(context.Places, staged.Id, stage.Cancellation);
            staged.Dispose();
        }
        else
        {
            staged.Finish();
        }

        accounts.Propose(staged.Id, stage.Progress);
        await GenerationRecord.KeepAsync(generation, staged.Id, context.HandOver.Take(MaterialsTask.Made).Keys, stage).ConfigureAwait(false);
        return manifest;
    }
}
