using Cake.Frosting;
using Dom0Image.Boot;
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
    /// <summary>The boot files, checked.</summary>
    internal static readonly Output<PreparedBootFiles> BootFiles = new();

    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var plan = context.HandOver.Take(PlanTask.Plan);
        var made = context.Options.Generation is null ? context.HandOver.Take(RootTask.Generation) : null;
        var boot = made is null
            ? PublishedGeneration.Named(context.Places, context.Options.Generation!)
            : UnfinishedGeneration.Of(made, plan.Recipe, context.HandOver.Take(MaterialsTask.Made));
        var prepared = await context.RunStageAsync(
            "boot files",
            stage =>
            {
                AccountShifts.Tell(context.Options.Generation, context.Places, stage.Progress);
                return PreparedBootFiles.MakeAsync(plan.Site, boot, context.Places, stage, verified: made?.Staged is not null);
            },
            prepared => new StageFacts { From = $"{prepared.Set.Menus.Count} menus, {prepared.Set.ServerFiles.Count} server files", Cached = prepared.Stand(context.Places) });
        context.HandOver.Give(BootFiles, prepared);
    }
}
