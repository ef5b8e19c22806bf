using Cake.Frosting;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Storage;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Makes the generation the one that hosts boot.</summary>
[TaskName("Publish")]
[TaskDescription("Publishes the generation: hosts that boot from now on get it.")]
[Needs(ToolSet.Guest)]
[IsDependentOn(typeof(BootTestTask))]
public sealed class PublishTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context) => context.RunStageAsync(
        "publish",
        async stage =>
        {
            var files = context.HandOver.Take(MenusTask.BootFiles);
            var site = context.HandOver.Take(PlanTask.Plan).Site;
            if (context.Options.Generation is null && context.HandOver.Take(RootTask.Generation) is { Conflicts.IsEmpty: false } made)
            {
                throw ConflictText.NotPublished(made.Id, context.HandOver.Take(PlanTask.Plan).Recipe.Name, made.Conflicts);
            }

            context.Report.Exports = await ExportGate.PassAsync(site, context.Places, stage).ConfigureAwait(false);
            var guest = files.Generation is { } generation && await GuestPublishing.PublishAsync(site, context.Places, generation.GenerationId, stage).ConfigureAwait(false);
            var changed = files.Publish(context.Places, stage);
            changed = guest ? changed.Add(Places.DomUImages) : changed;
            context.Report.NextStep = await NextStep.AfterAsync(context.Places, site, files.Generation?.GenerationId, changed, stage).ConfigureAwait(false);
            return (Changed: changed, Deleted: changed.IsEmpty ? 0 : DeleteUnused(context, stage.Progress.Warn));
        },
        done => new StageFacts { Cached = done.Changed.IsEmpty, From = done.Changed.IsEmpty ? "nothing changed" : $"{done.Changed.Length} places{Told(done.Deleted)}" });

    // A run that goes back to an earlier generation used none of what the next build needs.
    private static int DeleteUnused(BuildContext context, Action<string> tell)
        => MenuDirectory.DeleteUnused(context.Places, Retention.Unused, tell).Count
            + (context.Options.Generation is null ? new StorePruning(context.Store, Retention.Unused, tell).Prune(Retention.StagesKept).Count : 0);

    private static string Told(int deleted)
        => deleted == 0 ? "" : $"; {deleted} old stages, packages, kernel trees and menus deleted, unused for {Retention.Unused.Days} days";
}
