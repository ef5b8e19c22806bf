using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;

namespace Dom0Image.Tasks;

/// <summary>Compiles the kernels alone.</summary>
[TaskName("Kernels")]
[TaskDescription("Compiles the recipe's kernels alone, and checks that every option survived.")]
[Needs(ToolSet.Kernels)]
[IsDependentOn(typeof(PlanTask))]
public sealed class KernelsTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
        => new MaterialMaker(context.HandOver.Take(PlanTask.Plan), context, context.Cancellation).KernelsAsync();
}
