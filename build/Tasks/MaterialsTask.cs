using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Makes base layer, kernels and hypervisor.</summary>
[TaskName("Materials")]
[TaskDescription("Makes the base layer, the kernels and the hypervisor, side by side.")]
[Needs(ToolSet.Kernels)]
[IsDependentOn(typeof(PlanTask))]
public sealed class MaterialsTask : AsyncFrostingTask<BuildContext>
{
    /// <summary>What the generation is made of.</summary>
    internal static readonly Output<Materials> Made = new();

    /// <inheritdoc/>
    public override bool ShouldRun(BuildContext context) => context.Options.Generation is null;

    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var plan = context.HandOver.Take(PlanTask.Plan);
        var laid = plan.Republished is { } generation
            ? await context.RunStageAsync("materials", stage => Task.FromResult(StoredMaterials.Require(plan.Recipe, generation, stage.Store)), _ => new StageFacts { Cached = true, From = $"those of {generation.Id}" })
            : await Materials.MakeAsync(plan, context);
        context.HandOver.Give(Made, await new EditedMaterials(plan, context).MakeAsync(laid));
    }
}
