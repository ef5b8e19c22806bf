using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.ClientLoads;
using Dom0Image.Generations;
using Dom0Image.Recipes;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Publishes what a build made, or the generation that the user named in its place.</summary>
/// <param name="context">The run.</param>
/// <param name="site">The site.</param>
internal sealed class BuildPublishing(BuildContext context, Site site)
{
    /// <summary>Publishes, deletes what is not used any more, and tells what is left to do.</summary>
    /// <param name="files">The boot files that name it.</param>
    /// <param name="stage">The edges of the system.</param>
    /// <returns>Places, without the prefix, that changed, and how many old things were deleted.</returns>
    public async Task<(ImmutableArray<string> Changed, int Deleted)> PublishAsync(PreparedBootFiles files, StageContext stage)
    {
        context.Report.Exports = await ExportGate.PassAsync(site, context.Places, stage).ConfigureAwait(false);
        var guest = files.Generation is { } generation && await GuestPublishing.PublishAsync(site, context.Places, generation.GenerationId, stage).ConfigureAwait(false);
        await ClientWatch.UpdateAsync(context.Places, stage).ConfigureAwait(false);
        HoldOf.Set(context.Options, context.Places, context.Options.Generation);
        var changed = files.Publish(context.Places, stage, goesBack: context.Options is { Generation: not null, Resume: false });
        changed = guest ? changed.Add(Places.DomUImages) : changed;
        context.Report.NextStep = await NextStep.AfterAsync(context.Places, site, files.Generation?.GenerationId, changed, stage).ConfigureAwait(false);
        return (Changed: changed, Deleted: changed.IsEmpty ? 0 : DeleteUnused(stage.Progress.Warn));
    }

    // A run that goes back to an earlier generation used none of what the next build needs.
    private int DeleteUnused(Action<string> tell)
        => MenuDirectory.DeleteUnused(context.Places, Retention.Unused, tell).Count
            + (context.Options.Generation is null ? new StorePruning(context.Store, Retention.Unused, tell).Prune(Retention.StagesKept).Count : 0);
}
