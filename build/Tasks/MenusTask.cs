using Cake.Frosting;
using Dom0Image.Boot;
using Dom0Image.Generations;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Makes the boot files that name the generation, and has each checked by the tool that reads it.</summary>
[TaskName("Menus")]
[TaskDescription("Makes and checks the menus, boot loaders and server files for the generation.")]
[Needs(ToolSet.BootFiles)]
[IsDependentOn(typeof(RootTask))]
public sealed class MenusTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var plan = context.Results.Get<BuildPlan>();
        var boot = context.Options.Generation is { } named
            ? PublishedGeneration.Named(context.Places, named)
            : UnfinishedGeneration.Of(context.Results.Get<GenerationTarget>(), plan.Recipe, context.Results.Get<Materials>());
        var verified = context.Results.Find<StagedGeneration>() is not null;
        var prepared = await context.RunStageAsync(
            "boot files",
            stage =>
            {
                AccountShifts.Tell(context.Options.Generation, context.Places, stage.Progress);
                return PreparedBootFiles.MakeAsync(plan.Site, boot, context.Places, stage, verified);
            },
            prepared => new StageFacts { From = $"{prepared.Set.Menus.Count} menus, {prepared.Set.ServerFiles.Count} server files", Cached = prepared.Stand(context.Places) });
        context.Results.Put(prepared);
    }
}
