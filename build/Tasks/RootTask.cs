using Cake.Frosting;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Composes the root of a new generation, unless the generation with these inputs is there.</summary>
[TaskName("Root")]
[TaskDescription("Composes the root: overlays, writable paths, RAM-tree init, Xen fixes.")]
[IsDependentOn(typeof(VolumesTask))]
[IsDependentOn(typeof(MaterialsTask))]
public sealed class RootTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override bool ShouldRun(BuildContext context) => context.Options.Generation is null;

    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var (plan, materials) = (context.Results.Get<BuildPlan>(), context.Results.Get<Materials>());
        var assembler = new GenerationAssembler(context.Places);
        await context.RunStageAsync(
            "root",
            async stage =>
            {
                var accounts = context.Results.Put(await materials.BaseLayer.PlanAccountsAsync(plan.Accounts, stage));
                var composition = new RootComposition(plan, materials, accounts);
                var target = context.Results.Put(composition.Target());
                var cached = assembler.Exists(target.Id);
                if (!cached)
                {
                    PublicationRoom.Check(context.Places, target.Id, await GenerationEstimate.OfAsync(plan, materials, stage));
                    var staged = context.Results.Put(assembler.Begin(target.Id));
                    await composition.ComposeAsync(staged.RootDirectory, stage);
                }

                return new StageFacts { From = target.Id, Cached = cached };
            },
            facts => facts);
    }
}
