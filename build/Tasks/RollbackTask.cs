using Cake.Frosting;
using Dom0Image.Generations;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Goes back to an older generation, at once: it was tested when it was published. Builds publish nothing until somebody says so.</summary>
[TaskName("Rollback")]
[TaskDescription("Has hosts boot the generation before, or --to=ID, and holds it until --target=Publish --resume.")]
[Needs(ToolSet.BootFiles, ToolSet.Storage)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class RollbackTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var site = SiteReader.Read(RecipeFiles.Site(context.Repository, context.Options.Site));
        await context.RunStageAsync(
            "rollback",
            stage => new StandingGeneration(context, site).PublishAsync(
                () => RollbackChoice.Of(context.Places, context.Options.To, stage.Cancellation),
                chosen => HoldOf.Set(context.Options with { Resume = false }, context.Places, chosen, always: true),
                stage),
            changed => new StageFacts { Cached = changed.IsEmpty, From = $"{CurrentState.Booted(context.Places)}, held; {(changed.IsEmpty ? "hosts booted it already" : $"{changed.Length} places")}" }).ConfigureAwait(false);
    }
}
