using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Checks;
using Dom0Image.BootLab.Report;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Recipes;
using Dom0Image.Xen.Guest;

namespace Dom0Image.Pipeline;

/// <summary>Says what a run boots: the generation that it made, or one that the user named.</summary>
internal static class BootTestPlans
{
    /// <summary>The plan for a finished generation.</summary>
    /// <param name="plan">The recipe of its name, and the site.</param>
    /// <param name="places">Where it stands.</param>
    /// <param name="boot">The generation.</param>
    /// <param name="clients">How many clients boot at once in the last scenario.</param>
    /// <param name="quick">Whether it is booted in one way only.</param>
    /// <exception cref="BuildFailedException">It was made from another recipe, or lacks a service that the recipe lets fail.</exception>
    public static BootTestPlan For(BuildPlan plan, Places places, GenerationBoot boot, int clients, bool quick = false)
    {
        var generation = GenerationTree.Finished(places, boot.GenerationId);
        ImageServices.Check(plan.Recipe, generation.Root);
        bool BootsByUefi(BootProfile profile)
            => KernelAbility.Uefi.IsIn(KernelConfig.Read(generation.ConfigOf(ProfileMenu.KernelFor(profile, profile.Flavour, boot, profile.Where).FileName)));
        var choice = BootScenarioChoice.For(plan.Site, clients, boot.HypervisorFileName is not null, ExampleGuest.KernelOf(generation) is not null, BootsByUefi);
        return new BootTestPlan
        {
            Site = plan.Site,
            Recipe = GenerationRecipe.Of(generation, plan.Recipe),
            Generation = generation,
            Boot = boot,
            Scenarios = quick ? [choice.Quick] : choice.Scenarios,
            All = choice.Scenarios,
            LeftOut = choice.LeftOut,
            ReportDirectory = BootReportFiles.DirectoryOf(generation),
        };
    }
}
