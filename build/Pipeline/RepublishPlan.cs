using Dom0Image.Boot;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Plans to make the generation that hosts boot now again with today's edits, from what it was made of: no mirror is asked, and nothing else is new.</summary>
internal static class RepublishPlan
{
    /// <summary>Reads the generation's own recipe, and the site.</summary>
    /// <exception cref="BuildFailedException">Nothing is published, or site and recipe do not fit.</exception>
    public static BuildPlan Read(string repository, BuildOptions options, Places places, IStageProgress progress)
    {
        if (options.Generation is { } named)
        {
            throw new BuildFailedException(new Diagnostic($"--generation={named} is not for Republish, which is about what hosts boot now") { Hint = $"To go back to it: ./build.sh --target=BootFiles --generation={named}" });
        }

        var id = PublishedGeneration.Current(places)?.GenerationId ?? throw new BuildFailedException(
            new Diagnostic($"nothing is published below '{places.OnDisk(Places.Images)}' that could be published again with edits") { Hint = "./build.sh builds and publishes a recipe" });
        var tree = GenerationTree.Finished(places, id);
        var info = GenerationInfo.Read(tree);
        var file = RecipeFiles.Recipe(repository, info.Recipe);
        var (today, kept) = (PlainFile.ReadAllText(file), Path.Combine(tree.ImageDirectory, GenerationRecipe.FileName));
        var text = File.Exists(kept) ? File.ReadAllText(kept) : today;
        if (text != today)
        {
            progress.Note($"{file} was changed since {id} was made, and is not read: ./build.sh --recipe={info.Recipe} builds what it says now");
        }

        var recipe = GenerationRecipe.Of(tree, RecipeReader.Read(file));
        var site = SiteReader.Read(RecipeFiles.Site(repository, options.Site));
        var plan = new BuildPlan(recipe, site, new SiteKernels(recipe, site, []), [], repository)
        {
            RecipeText = text,
            Accounts = AccountIds.Read(RecipeFiles.Accounts(repository)),
            Republished = info,
        };
        plan = plan with { Kernels = new SiteKernels(recipe, site, FragmentSet.ReadAll(recipe.Kernels, plan.KernelConfigs)) };
        PlanChecks.Check(recipe, site, plan.Kernels);
        return plan;
    }
}
