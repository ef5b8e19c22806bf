using Cake.Frosting;
using Dom0Image.Edits.Merge;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;
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
    public override async Task RunAsync(BuildContext context)
    {
        var (site, files) = (context.HandOver.Take(PlanTask.Plan).Site, context.HandOver.Take(MenusTask.BootFiles));
        var made = context.Options.Generation is null ? context.HandOver.Take(RootTask.Generation) : null;
        var decision = PublishDecision.Of(context.Options, context.Places, made?.Conflicts ?? [], PublishWay.Auto);
        if (decision.Verdict is PublishVerdict.Conflict)
        {
            throw ConflictText.NotPublished(made!.Id, context.HandOver.Take(PlanTask.Plan).Recipe.Name, made.Conflicts);
        }

        if (decision.Hold is { } hold)
        {
            context.Report.Skip("publish", $"held for {hold.Generation}: {files.Generation?.GenerationId} is ready");
            // A build would bring the archive's updates along, which is what somebody went back from.
            var publishes = context.IsRepublish && made is not null ? $"{HoldOf.PublishNamed(context.Options, made.Id)} publishes it, and holds it" : $"{HoldOf.Resume(context.Options)} publishes it";
            context.Report.NextStep = $"{files.Generation?.GenerationId} waits, since somebody went back to {hold.Generation}. {publishes}.";
            return;
        }

        await context.RunStageAsync(
            "publish",
            stage => new BuildPublishing(context, site).PublishAsync(files, stage),
            done => new StageFacts { Cached = done.Changed.IsEmpty, From = done.Changed.IsEmpty ? "nothing changed" : $"{done.Changed.Length} places{Told(done.Deleted)}" }).ConfigureAwait(false);
    }

    private static string Told(int deleted)
        => deleted == 0 ? "" : $"; {deleted} old stages, packages, kernel trees and menus deleted, unused for {Retention.Unused.Days} days";
}
