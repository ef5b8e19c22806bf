using Cake.Frosting;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Makes the generation the one that hosts boot.</summary>
[TaskName("Publish")]
[TaskDescription("Publishes the generation: hosts that boot from now on get it.")]
[IsDependentOn(typeof(BootTestTask))]
public sealed class PublishTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context) => context.RunStageAsync(
        "publish",
        async stage =>
        {
            var files = context.Results.Get<PreparedBootFiles>();
            var guest = files.Generation is { } generation && await GuestPublishing.PublishAsync(context.Places, generation.GenerationId, stage).ConfigureAwait(false);
            var changed = files.Publish(context.Places, stage);
            changed = guest ? changed.Add(Places.DomUImages) : changed;
            context.Report.NextStep = NextStep.After(context.Places, context.Results.Get<BuildPlan>().Site, files.Generation?.GenerationId, changed);
            return changed;
        },
        changed => new StageFacts { Cached = changed.IsEmpty, From = changed.IsEmpty ? "nothing changed" : $"{changed.Length} places" });
}
