using Dom0Image.Kernels;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Tests.CommandLine;

namespace Dom0Image.Tests.Pipeline;

/// <summary>What a plan finds out.</summary>
internal static class Planned
{
    /// <summary>The kernels of a recipe, with the shipped fragments or with others.</summary>
    public static SiteKernels Kernels(Recipe recipe, Site site, string? kernelConfigs = null)
        => new(recipe, site, FragmentSet.ReadAll(recipe.Kernels, kernelConfigs ?? Path.Combine(Checkout.Root, "kernel-configs")));
}
