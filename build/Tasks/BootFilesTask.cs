using System.Collections.Immutable;
using Cake.Frosting;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Makes a site's menus, network loaders and server files, without building an image.</summary>
[TaskName("BootFiles")]
[TaskDescription("Makes the menus and server files of a site, for the generation that is published, or --generation.")]
[Needs(ToolSet.BootFiles, ToolSet.Storage)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class BootFilesTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        await context.RunStageAsync("boot files", stage => RunAsync(context, site, stage), changed => new StageFacts
        {
            Cached = changed.IsEmpty,
            From = $"site {site.Name}, {site.Hosts.Length} hosts; {(changed.IsEmpty ? "nothing changed" : $"{changed.Length} places")}",
        }).ConfigureAwait(false);
    }

    private static async Task<ImmutableArray<string>> RunAsync(BuildContext context, Site site, StageContext stage)
    {
        using var held = await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, stage.Cancellation).ConfigureAwait(false);
        if (context.Places.Prefix.Length == 0)
        {
            await new VolumeSetup(site, StoragePlaces.Real, stage).EnsureAsync().ConfigureAwait(false);
        }

        async Task CheckExportsAsync() => context.Report.Exports = await ExportGate.PassAsync(site, context.Places, stage).ConfigureAwait(false);
        var changed = await BootFilesJob.RunAsync(site, context.Options.Generation, context.Places, stage, CheckExportsAsync).ConfigureAwait(false);
        context.Report.NextStep = await NextStep.AfterAsync(context.Places, site, CurrentState.Read(context.Places).Root, changed, stage).ConfigureAwait(false);
        return changed;
    }
}
