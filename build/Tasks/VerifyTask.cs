using Cake.Frosting;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.RootFs.Image;
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
        => context.Results.Find<StagedGeneration>() is { } staged
            ? context.RunStageAsync("verify", stage => VerifyAsync(context, staged, stage), manifest => new StageFacts { From = $"{manifest.Entries.Length:N0} files, no findings", Bytes = manifest.Bytes })
            : Task.CompletedTask;

    private static async Task<Manifest> VerifyAsync(BuildContext context, StagedGeneration staged, StageContext stage)
    {
        var (plan, results) = (context.Results.Get<BuildPlan>(), context.Results);
        var accounts = new AccountReview(plan.Accounts, results.Get<AccountPlan>(), context.Places);
        var review = new GenerationReview(plan, results.Get<Materials>(), accounts);
        var manifest = review.Verify(staged, results.Get<PreparedBootFiles>().Built!.Menus, stage, HostPaths.Of(context.Store, context.Places, context.Repository));
        if (new GenerationAssembler(context.Places).Exists(staged.Id))
        {
            staged.Dispose();
        }
        else
        {
            staged.Finish();
        }

        accounts.Propose(staged.Id, stage.Progress);
        await GenerationRecord.KeepAsync(results.Get<GenerationTarget>().Key, staged.Id, stage).ConfigureAwait(false);
        return manifest;
    }
}
