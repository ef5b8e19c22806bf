using Cake.Frosting;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Composes and seals a new generation, unless the one that these inputs give is there.</summary>
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
                var key = composition.Key();
                if (GenerationRecord.Find(key, stage.Store) is { } known && assembler.Exists(known))
                {
                    context.Results.Put(new GenerationTarget(known, key));
                    return new StageFacts { From = known, Cached = true };
                }

                PublicationRoom.Check(context.Places, plan.Recipe.Name, await GenerationEstimate.OfAsync(plan, materials, stage));
                var staged = context.Results.Put(assembler.Begin(GenerationAssembler.IdOf(plan.Recipe.Name, key)));
                await composition.ComposeAsync(staged.RootDirectory, stage);
                new GenerationSeal(plan, materials).Seal(staged, key, stage);
                context.Results.Put(new GenerationTarget(staged.Id, key));
                return new StageFacts { From = assembler.Exists(staged.Id) ? $"{staged.Id}, as before" : staged.Id };
            },
            facts => facts);
    }
}
