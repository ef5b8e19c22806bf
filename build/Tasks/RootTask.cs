using Cake.Frosting;
using Dom0Image.Edits;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Tasks;

/// <summary>Composes and seals a new generation, unless the one that these inputs give is there.</summary>
[TaskName("Root")]
[TaskDescription("Composes the root: overlays, writable paths, RAM-tree init, Xen fixes.")]
[IsDependentOn(typeof(VolumesTask))]
[IsDependentOn(typeof(MaterialsTask))]
public sealed class RootTask : AsyncFrostingTask<BuildContext>
{
    /// <summary>The generation, new or not.</summary>
    internal static readonly Output<GenerationTarget> Generation = new();

    /// <inheritdoc/>
    public override bool ShouldRun(BuildContext context) => context.Options.Generation is null;

    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var assembler = new GenerationAssembler(context.Places);
        var generation = await context.RunStageAsync("root", stage => MakeAsync(context, assembler, stage), made => new StageFacts
        {
            Cached = made.Staged is null,
            From = made.Staged is not null && assembler.Exists(made.Id) ? $"{made.Id}, as before" : made.Id,
        });
        if (context.Options.WithEdits)
        {
            OpenConflicts.Keep(RecipeEdits.DirectoryOf(context.Places, context.HandOver.Take(PlanTask.Plan).Recipe.Name), generation.Conflicts);
        }

        context.HandOver.Give(Generation, generation);
    }

    private static async Task<GenerationTarget> MakeAsync(BuildContext context, GenerationAssembler assembler, StageContext stage)
    {
        var (plan, materials) = (context.HandOver.Take(PlanTask.Plan), context.HandOver.Take(MaterialsTask.Made));
        var accounts = await materials.BaseLayer.PlanAccountsAsync(plan.Accounts, stage);
        var composition = new RootComposition(plan, materials, accounts);
        var key = composition.Key();
        if (GenerationRecord.Find(key, stage.Store) is { } known && assembler.Exists(known))
        {
            return new GenerationTarget(known, key, accounts, Staged: null) { Conflicts = GenerationRecord.ConflictsOf(key, stage.Store) };
        }

        PublicationRoom.Check(context.Places, plan.Recipe.Name, await GenerationEstimate.OfAsync(plan, materials, stage));
        var staged = context.HandOver.Hold(assembler.Begin(GenerationAssembler.IdOf(plan.Recipe.Name, key)));
        await composition.ComposeAsync(staged.RootDirectory, stage);
        composition.RequireSame(key);
        new GenerationSeal(plan, materials).Seal(staged, key, stage);
        foreach (var note in composition.Edited.Notes)
        {
            stage.Progress.Note(note);
        }

        return new GenerationTarget(staged.Id, key, accounts, staged) { Conflicts = [.. materials.Conflicts, .. composition.Edited.Conflicts] };
    }
}
