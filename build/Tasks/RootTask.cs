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
        var plan = context.Results.Get<BuildPlan>();
        var composition = new RootComposition(plan, context.Results.Get<Materials>());
        var key = composition.Key();
        var target = context.Results.Put(new GenerationTarget(GenerationAssembler.IdOf(plan.Recipe.Name, key), key));
        var assembler = new GenerationAssembler(context.Places);
        var facts = new StageFacts { From = target.Id, Cached = assembler.Exists(target.Id) };
        await context.RunStageAsync(
            "root",
            async stage =>
            {
                if (!facts.Cached)
                {
                    var staged = context.Results.Put(assembler.Begin(target.Id));
                    await composition.ComposeAsync(staged.RootDirectory, stage);
                }

                return target;
            },
            _ => facts);
    }
}
