using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Report;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>Says what a run boots: the generation that it made, or one that the user named.</summary>
public static class BootTestPlans
{
    /// <summary>The plan of a run.</summary>
    /// <param name="context">The run; its plan, its materials and its generation are there.</param>
    /// <exception cref="BuildFailedException">The generation that the user named is not there, or was made from another recipe.</exception>
    public static BootTestPlan For(BuildContext context)
    {
        var plan = context.Results.Get<BuildPlan>();
        var boot = context.Options.Generation is { } named
            ? Finished(context.Places, named, plan.Recipe)
            : GenerationBoots.Of(context.Results.Get<GenerationTarget>(), plan.Recipe, context.Results.Get<Materials>());
        var generation = GenerationTree.Finished(context.Places, boot.GenerationId);
        return new BootTestPlan
        {
            Site = plan.Site,
            Recipe = plan.Recipe,
            Generation = generation,
            Boot = boot,
            Scenarios = BootScenario.Standard(context.Options.Clients, boot.HypervisorFileName is not null),
            ReportDirectory = BootReportFiles.DirectoryOf(generation),
        };
    }

    // A kernel's file is named like its flavour, behind the version.
    private static GenerationBoot Finished(Places places, string id, Recipe recipe)
    {
        var info = GenerationInfo.Read(GenerationTree.Finished(places, id));
        if (info.Recipe != recipe.Name)
        {
            throw new BuildFailedException(new Diagnostic($"generation {id} was made from recipe {info.Recipe}, and this run is about {recipe.Name}") { Hint = $"Add --recipe={info.Recipe}" });
        }

        return new GenerationBoot(
            id,
            [.. info.Kernels.Select(file => Kernel(file, recipe))],
            info.Hypervisor);
    }

    private static BootKernel Kernel(string file, Recipe recipe)
    {
        var flavour = recipe.Kernels.FirstOrDefault(k => file.EndsWith($"-{k.Name}", StringComparison.Ordinal));
        return new BootKernel(flavour?.Name ?? file, file) { RunsUnderXen = flavour is null || flavour.Fragments.Contains(SiteRecipeCheck.Dom0Fragment) };
    }
}
