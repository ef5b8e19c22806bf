using Cake.Frosting;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.RootFs;

namespace Dom0Image.Tasks;

/// <summary>Checks the staged generation as a whole and puts it in its place. What fails is thrown away.</summary>
[TaskName("Verify")]
[TaskDescription("Checks the new generation by every rule; one report with all findings.")]
[IsDependentOn(typeof(RootTask))]
public sealed class VerifyTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override bool ShouldRun(BuildContext context) => context.Options.Generation is null;

    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
        => context.Results.Find<StagedGeneration>() is { } staged ? VerifyAsync(context, staged) : Task.CompletedTask;

    private static Task<Manifest> VerifyAsync(BuildContext context, StagedGeneration staged) => context.RunStageAsync(
        "verify",
        stage =>
        {
            var plan = context.Results.Get<BuildPlan>();
            var accounts = new AccountReview(plan.Accounts, context.Results.Get<AccountPlan>(), context.Places);
            var finish = new GenerationFinish(plan, context.Results.Get<Materials>(), context.Results.Get<GenerationTarget>(), accounts);
            var manifest = finish.SealAndVerify(staged, stage, HostPaths.Of(context.Store, context.Places, context.Repository));
            staged.Finish();
            return Task.FromResult(manifest);
        },
        manifest => new StageFacts { From = $"{manifest.Entries.Length:N0} files, no findings", Bytes = manifest.Bytes });
}
