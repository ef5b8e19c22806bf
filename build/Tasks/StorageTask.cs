using Cake.Frosting;
using Dom0Image.Diagnostics;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Shows, grows and moves what the exports lie on.</summary>
[TaskName("Storage")]
[TaskDescription("Shows the exported file systems; moves an existing installation to file systems of its own; --grow=SIZE grows them.")]
[Needs(ToolSet.Storage)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class StorageTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        if (context.Places.Prefix.Length > 0)
        {
            throw new BuildFailedException(new Diagnostic($"nothing is mounted below a prefix: what is in {context.Places.Prefix} is a tree like any other") { Hint = "Leave out --prefix, on the boot server" });
        }

        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        await context.RunStageAsync("storage", stage => RunAsync(context, site, stage), done => new StageFacts { From = $"site {site.Name}{(done.Length > 0 ? $", {done}" : "")}", ChecksOnly = done.Length == 0 }).ConfigureAwait(false);
    }

    // Gives what was done, in a few words.
    private static async Task<string> RunAsync(BuildContext context, Site site, StageContext stage)
    {
        using var held = await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, stage.Cancellation).ConfigureAwait(false);
        var servers = new NfsPause(site, StoragePlaces.Real, stage);
        string done;
        try
        {
            done = await WorkAsync(context, site, stage).ConfigureAwait(false);
        }
        catch
        {
            await StartAgainAsync(servers, stage).ConfigureAwait(false);
            throw;
        }

        await servers.StartAgainAsync().ConfigureAwait(false);
        return done;
    }

    // What failed first is what the run ends with.
    private static async Task StartAgainAsync(NfsPause servers, StageContext stage)
    {
        try
        {
            await servers.StartAgainAsync().ConfigureAwait(false);
        }
        catch (ToolFailedException problem)
        {
            stage.Progress.Warn(problem.Message);
        }
    }

    private static async Task<string> WorkAsync(BuildContext context, Site site, StageContext stage)
    {
        var places = StoragePlaces.Real;
        var moved = await new VolumeMove(site, places, stage).MoveAsync(context.Options.Now).ConfigureAwait(false);
        if (!moved.IsEmpty)
        {
            context.Report.NextStep = $"./build.sh --target=BootFiles --site={site.Name}, so that the servers' files hold for the new file systems; clients boot from them from then on.";
        }

        if (!context.Options.Grow.IsEmpty)
        {
            await new VolumeGrowth(site, places, stage).GrowAsync(context.Options.Grow).ConfigureAwait(false);
            context.Report.Exports = await StorageReport.TellAsync(site, places, stage).ConfigureAwait(false);
            return "grown";
        }

        try
        {
            var mounted = await new VolumeSetup(site, places, stage).EnsureAsync().ConfigureAwait(false);
            return moved.IsEmpty ? mounted.IsEmpty ? "" : "mounted" : "moved";
        }
        finally
        {
            // Also when something is wrong with one of them.
            context.Report.Exports = await StorageReport.TellAsync(site, places, stage).ConfigureAwait(false);
        }
    }
}
