using Cake.Frosting;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Edits;
using Dom0Image.Generations;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Reads and checks the inputs, keeps other builds away, and clears what a killed build left.</summary>
[TaskName("Plan")]
[TaskDescription("Reads and checks the recipe and the site; finds the mirrors, and asks them for the packages.")]
[Needs(ToolSet.RootFs)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class PlanTask : AsyncFrostingTask<BuildContext>
{
    /// <summary>The checked inputs.</summary>
    internal static readonly Output<BuildPlan> Plan = new();

    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var plan = await context.RunStageAsync(
            "plan",
            stage => PlanAsync(context, stage),
            plan => new() { ChecksOnly = true, From = $"recipe {plan.Recipe.Name}, site {plan.Site.Name}" });
        context.HandOver.Give(Plan, plan);
    }

    private static async Task<BuildPlan> PlanAsync(BuildContext context, StageContext stage)
    {
        // Wrong input is told at once, and not after waiting for another build.
        var plan = context.IsRepublish
            ? RepublishPlan.Read(context.Repository, context.Options, context.Places, stage.Progress)
            : await BuildPlan.ReadAsync(context.Repository, context.Options, stage);
        if (ClientsBooted(context) is { } clients)
        {
            PlanChecks.CheckBootTest(plan.Recipe, plan.Site, plan.Kernels, clients);
        }

        foreach (var note in plan.Kernels.Notes())
        {
            stage.Progress.Note(note);
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new BuildFailedException(new Diagnostic("a build needs root: an image's files have many owners, and its steps run in namespaces of their own")
            {
                Hint = "Run it with sudo, or see what it would do with --dryrun.",
            });
        }

        context.HandOver.Hold(await BuildLock.AcquireAsync([context.Store.LockFile, context.Places.LockFile], wait: true, stage.Progress, context.Cancellation));
        string[] leftovers = [.. context.Store.DeleteLeftovers(stage.Progress.Warn), .. new GenerationAssembler(context.Places).DeleteLeftovers(stage.Progress.Warn)];
        if (leftovers.Length > 0)
        {
            stage.Progress.Note($"deleted what a build that died left: {string.Join(", ", leftovers)}");
        }

        if (context.Options.Generation is not null)
        {
            return plan;
        }

        // Once, and while nobody keeps another one.
        plan = plan with { Edits = context.Options.WithEdits ? RecipeEdits.Read(context.Places, plan.Recipe.Name) : RecipeEdits.None };
        if (plan.Republished is not null)
        {
            return plan;
        }

        var archives = await ArchiveState.ReadAsync(plan.Sources, stage);
        await new PackagePlan(plan.Recipe, plan.Sources, archives, stage).CheckAsync();
        return plan with { Archives = archives };
    }

    // How many clients this run boots at once; null for none.
    private static int? ClientsBooted(BuildContext context)
    {
        bool Has(params string[] targets) => targets.Any(t => context.Targets.Contains(t, StringComparer.OrdinalIgnoreCase));
        return context.BootTest is not BootTestExtent.None && Has("Default", "Publish", "BootTest", "Republish", "Nightly") ? context.Options.Clients
            : Has("WriteAudit") ? 1
            : null;
    }
}
