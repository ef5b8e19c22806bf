using Dom0Image.Boot;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>Tells menus what a generation offers.</summary>
public static class GenerationBoots
{
    /// <summary>A generation from what this run made it of.</summary>
    public static GenerationBoot Of(GenerationTarget target, Recipe recipe, Materials materials) => new(
        target.Id,
        [.. materials.Kernels.Select(k => new BootKernel(k.Flavour.Name, k.FileName) { RunsUnderXen = RunsUnderXen(k.Flavour) })],
        recipe.Hypervisor is null ? null : materials.Hypervisor?.FileName);

    private static bool RunsUnderXen(KernelFlavour flavour) => flavour.Fragments.Contains(SiteRecipeCheck.Dom0Fragment);
}
