using Cake.Frosting;
using Dom0Image.Pipeline;

namespace Dom0Image.Tasks;

/// <summary>Makes the base layer alone.</summary>
[TaskName("BaseLayer")]
[TaskDescription("Makes the base layer alone.")]
[IsDependentOn(typeof(PlanTask))]
public sealed class BaseLayerTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
        => new MaterialMaker(context.HandOver.Take(PlanTask.Plan), context, context.Cancellation).BaseLayerAsync();
}
