using Cake.Frosting;
using Dom0Image.Pipeline;

namespace Dom0Image.Tasks;

/// <summary>Builds the recipe and publishes it.</summary>
[TaskName("Default")]
[TaskDescription("Builds the recipe, boots it, and publishes it.")]
[IsDependentOn(typeof(PublishTask))]
public sealed class DefaultTask : FrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override void Run(BuildContext context)
        => context.Report.NextStep = NextStep.After(context.Places, context.Results.Get<BuildPlan>().Site, context.Results.Get<GenerationTarget>().Id);
}
