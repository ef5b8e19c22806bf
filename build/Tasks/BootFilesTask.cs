using Cake.Frosting;
using Dom0Image.Boot;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Stages;

namespace Dom0Image.Tasks;

/// <summary>Makes a site's menus, network loaders and server files, without building an image.</summary>
[TaskName("BootFiles")]
[TaskDescription("Makes the menus and server files of a site, for the generation that is published.")]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class BootFilesTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
    {
        var site = SiteReader.Read(Path.Combine(context.Repository, "recipes", "sites", $"{context.Options.Site}.yaml"));
        return context.RunStageAsync("boot files", stage => RunAsync(context, site, stage), changed => new StageFacts
        {
            Cached = changed == 0,
            From = $"site {site.Name}, {site.Hosts.Length} hosts",
        });
    }

    private static async Task<int> RunAsync(BuildContext context, Site site, StageContext stage)
    {
        using var held = await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, stage.Cancellation).ConfigureAwait(false);
        var changed = await BootFilesJob.RunAsync(site, context.Places, stage).ConfigureAwait(false);
        return changed.Length;
    }
}
