using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootTesting;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>Finds in the plan what would otherwise be found when the image is built.</summary>
internal static class PlanChecks
{
    /// <summary>Whether the recipe has what the site asks for, and boot files can be made for the two.</summary>
    /// <exception cref="BuildFailedException">All that does not fit.</exception>
    public static void Check(Recipe recipe, Site site, SiteKernels kernels)
    {
        kernels.Check();
        BootFiles.Generate(site, UnfinishedGeneration.Foreseen(recipe, kernels));
    }

    /// <summary>Whether the lab can play the site in every scenario.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="site">The site.</param>
    /// <param name="kernels">What its hosts boot.</param>
    /// <param name="clients">How many clients boot at once in the last scenario.</param>
    /// <exception cref="BuildFailedException">It cannot; says what to do.</exception>
    public static void CheckBootTest(Recipe recipe, Site site, SiteKernels kernels, int clients)
    {
        var choice = BootScenarioChoice.For(site, clients, recipe.Hypervisor is not null, guest: true, kernels.BootsByUefi);
        Diagnostic[] problems = [.. choice.Scenarios.SelectMany(s => Problems(site, s)).Distinct()];
        if (problems.Length > 0)
        {
            throw new BuildFailedException(problems);
        }
    }

    private static IEnumerable<Diagnostic> Problems(Site site, BootScenario scenario)
    {
        try
        {
            LabSite.For(site, scenario);
            return [];
        }
        catch (BuildFailedException problem)
        {
            return problem.Diagnostics;
        }
    }
}
