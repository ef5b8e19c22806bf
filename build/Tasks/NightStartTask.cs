using Cake.Frosting;
using Dom0Image.Nightly;
using Dom0Image.Pipeline;

namespace Dom0Image.Tasks;

/// <summary>Begins a night before anything can fail, so that its result is told however it ends.</summary>
[TaskName("NightStart")]
[TaskDescription("Notes what hosts boot, as the first step of Nightly; does nothing alone.")]
public sealed class NightStartTask : AsyncFrostingTask<BuildContext>
{
    /// <summary>The night.</summary>
    internal static readonly Output<Night> Night = new();

    /// <inheritdoc/>
    public override bool ShouldRun(BuildContext context) => context.Targets.Contains("Nightly", StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
    {
        context.HandOver.Give(Night, Nightly.Night.Begin(context.Options, context.Places, context.Repository));
        return Task.CompletedTask;
    }
}
