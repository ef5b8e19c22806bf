using Cake.Frosting;
using Dom0Image.Generations;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Storage;

namespace Dom0Image.Tasks;

/// <summary>
/// Makes and mounts what the exports lie on, before the first generation is staged there, so that what is wrong with it is
/// told before anything is built.
/// </summary>
[TaskName("Volumes")]
[TaskDescription("Makes and mounts the file systems that are exported; not below a prefix.")]
[Needs(ToolSet.Storage)]
[IsDependentOn(typeof(PlanTask))]
public sealed class VolumesTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override bool ShouldRun(BuildContext context) => context.Places.Prefix.Length == 0;

    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context) => context.RunStageAsync(
        "volumes",
        async stage =>
        {
            var site = context.HandOver.Take(PlanTask.Plan).Site;
            var mounted = await new VolumeSetup(site, StoragePlaces.Real, stage).EnsureAsync().ConfigureAwait(false);
            if (!mounted.IsEmpty)
            {
                // They were out of sight when the plan did it.
                new GenerationAssembler(context.Places).DeleteLeftovers();
            }

            return (Mounted: mounted, Exports: await ExportGate.PassAsync(site, context.Places, stage).ConfigureAwait(false));
        },
        done => new StageFacts { ChecksOnly = done.Mounted.IsEmpty, From = done.Exports });
}
