using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.ClientLoads;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Publishes a site's boot files for a generation that stands: no image is built.</summary>
/// <param name="context">The run.</param>
/// <param name="site">The site.</param>
internal sealed class StandingGeneration(BuildContext context, Site site)
{
    /// <summary>Publishes, and tells what is left to do.</summary>
    /// <param name="choose">Chooses the generation when nobody else publishes; null for what hosts boot now.</param>
    /// <param name="hold">Sets or ends the hold, with what was chosen, before anything is switched.</param>
    /// <param name="stage">The edges of the system.</param>
    /// <returns>Places, without the prefix, that changed.</returns>
    public async Task<ImmutableArray<string>> PublishAsync(Func<string?> choose, Action<string?> hold, StageContext stage)
    {
        using var held = await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, stage.Cancellation).ConfigureAwait(false);
        if (context.Places.Prefix.Length == 0)
        {
            await new VolumeSetup(site, StoragePlaces.Real, stage).EnsureAsync().ConfigureAwait(false);
        }

        var generation = choose();
        async Task BeforeAsync()
        {
            context.Report.Exports = await ExportGate.PassAsync(site, context.Places, stage).ConfigureAwait(false);
            await ClientWatch.UpdateAsync(context.Places, stage).ConfigureAwait(false);
            hold(generation);
        }

        var changed = await BootFilesJob.RunAsync(site, generation, context.Places, stage, BeforeAsync).ConfigureAwait(false);
        context.Report.NextStep = await NextStep.AfterAsync(context.Places, site, CurrentState.Read(context.Places).Root, changed, stage).ConfigureAwait(false);
        return changed;
    }
}
