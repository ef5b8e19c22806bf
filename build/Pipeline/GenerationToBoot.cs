using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootTesting;
using Dom0Image.BootTesting.Checks;
using Dom0Image.BootTesting.Report;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Recipes;
using Dom0Image.Xen.Guest;

namespace Dom0Image.Pipeline;

/// <summary>Says what a run boots: the generation that it made, or one that the user named.</summary>
internal static class GenerationToBoot
{
    /// <summary>A finished generation.</summary>
    /// <param name="plan">The recipe of its name, and the site.</param>
    /// <param name="places">Where it stands.</param>
    /// <param name="boot">The generation.</param>
    /// <exception cref="BuildFailedException">It was made from another recipe, or lacks a service that the recipe lets fail.</exception>
    public static LabSubject Of(BuildPlan plan, Places places, GenerationBoot boot)
    {
        var generation = GenerationTree.Finished(places, boot.GenerationId);
        ImageServices.Check(plan.Recipe, generation.Root);
        return new LabSubject
        {
            Site = plan.Site,
            Recipe = GenerationRecipe.Of(generation, plan.Recipe),
            Generation = generation,
            Boot = boot,
            ReportDirectory = BootReportFiles.DirectoryOf(generation),
        };
    }

    /// <summary>The test of a finished generation.</summary>
    /// <param name="subject">The generation.</param>
    /// <param name="clients">How many clients boot at once in the last scenario.</param>
    /// <param name="quick">Whether it is booted in one way only.</param>
    public static BootTestPlan Test(LabSubject subject, int clients, bool quick = false)
    {
        bool BootsByUefi(BootProfile profile)
            => KernelAbility.Uefi.IsIn(KernelConfig.Read(subject.Generation.ConfigOf(ProfileMenu.KernelFor(profile, profile.Flavour, subject.Boot, profile.Where).FileName)));
        var choice = BootScenarioChoice.For(subject.Site, clients, subject.Boot.HypervisorFileName is not null, ExampleGuest.KernelOf(subject.Generation) is not null, BootsByUefi);
        return new BootTestPlan
        {
            Site = subject.Site,
            Recipe = subject.Recipe,
            Generation = subject.Generation,
            Boot = subject.Boot,
            ReportDirectory = subject.ReportDirectory,
            Scenarios = quick ? [choice.Quick] : choice.Scenarios,
            All = choice.Scenarios,
            LeftOut = choice.LeftOut,
        };
    }
}
