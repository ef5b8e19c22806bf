using Cake.Frosting;
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
        stage =>
        {
            var target = context.Results.Get<GenerationTarget>();
            var changed = Publishing.Publish(context.Places, target.Id, context.Results.Get<PreparedBootFiles>(), stage.Progress);
            return Task.FromResult(changed);
        },
        changed => new StageFacts { Cached = changed.IsEmpty, From = changed.IsEmpty ? "nothing changed" : $"{changed.Length} places" });
}
