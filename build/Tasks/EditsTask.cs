using Cake.Frosting;
using Dom0Image.Edits;
using Dom0Image.Edits.Merge;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Tells what is kept of edits, and settles their conflicts.</summary>
[TaskName("Edits")]
[TaskDescription("Lists the edits that are kept for a recipe and their conflicts; --answer settles one.")]
public sealed class EditsTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context) => context.RunStageAsync(
        "edits",
        stage => RunAsync(context, stage),
        told => new StageFacts { ChecksOnly = true, From = told });

    private static async Task<string> RunAsync(BuildContext context, StageContext stage)
    {
        using var held = await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, stage.Cancellation).ConfigureAwait(false);
        var desk = new ConflictDesk(RecipeEdits.DirectoryOf(context.Places, context.Options.Recipe), context.Options.Recipe);
        var (told, next) = desk.Serve(context.Options.Path, context.Options.Answer, context.Options.Merged, stage.Progress);
        context.Report.NextStep = next;
        return told;
    }
}
