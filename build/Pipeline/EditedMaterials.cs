using Dom0Image.Archive;
using Dom0Image.Edits.Packages;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Reporting;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Puts the packages of a plan's edits into the base layer that was laid.</summary>
/// <param name="plan">Has the edits.</param>
/// <param name="context">Shows the stage.</param>
internal sealed class EditedMaterials(BuildPlan plan, BuildContext context)
{
    /// <summary>Gives the materials with it; the same ones where no edit has packages.</summary>
    public async Task<Materials> MakeAsync(Materials laid)
    {
        if (!plan.Edits.Layers.Any(EditedBaseLayer.Has))
        {
            return laid with { Edits = plan.Edits };
        }

        var edited = await context.RunStageAsync("edited base layer", stage => MakeAsync(laid, stage), made => new StageFacts
        {
            Cached = made.Layer.Output.Cached,
            From = $"{made.Edits.Layers.Count(EditedBaseLayer.Has)} edits, {File.ReadLines(made.Layer.PackageList).Count()} packages",
            Bytes = new FileInfo(made.Layer.Archive).Length,
        }).ConfigureAwait(false);
        return laid with { BaseLayer = edited.Layer, Edits = edited.Edits, Conflicts = edited.Conflicts };
    }

    private async Task<EditedBase> MakeAsync(Materials laid, StageContext stage)
    {
        var lending = Path.Combine(stage.Store.Work, $"lent-{plan.Recipe.Name}-{Environment.ProcessId}");
        try
        {
            return await new EditedBaseLayer(plan.Recipe, Finder(laid, new LentPackages(plan.Recipe, lending, stage), stage), stage).MakeAsync(laid.Laid, plan.Edits).ConfigureAwait(false);
        }
        finally
        {
            SafeDelete.Quietly(lending);
        }
    }

    private IPackageFinder Finder(Materials laid, LentPackages lent, StageContext stage)
    {
        if (plan.Republished is { } generation)
        {
            return new StoredPackages(File.ReadAllLines(GenerationTree.Finished(context.Places, generation.Id).PackageListFile), File.ReadAllLines(laid.Laid.PackageList), lent, plan.Recipe.Name);
        }

        var lists = new AptLists(plan.Sources, plan.Recipe.Architecture, stage, plan.Archives);
        return new ArchivePackages(lists, new PackageFetcher(plan.Sources, plan.Recipe.Architecture, stage, plan.Archives), lent, stage);
    }
}
