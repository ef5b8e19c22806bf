using Dom0Image.Boot;
using Dom0Image.Kernels;
using Dom0Image.Recipes;

namespace Dom0Image.Pipeline;

/// <summary>Tells menus what a generation offers that does not stand yet; of those that do, PublishedGeneration tells.</summary>
internal static class UnfinishedGeneration
{
    /// <summary>A generation from what this run made it of.</summary>
    public static GenerationBoot Of(GenerationTarget target, Recipe recipe, Materials materials) => new(
        target.Id,
        [.. materials.Kernels.Select(k => new BootKernel(k.Flavour.Name, k.FileName) { RunsUnderXen = KernelAbility.Dom0.IsIn(KernelConfig.Read(k.Config)) })],
        recipe.Hypervisor is null ? null : materials.Hypervisor?.FileName)
    {
        HasMicrocode = materials.Microcode is not null,
    };

    /// <summary>What a recipe's generation will offer, with names of its kind: its id and its versions are not known yet.</summary>
    public static GenerationBoot Foreseen(Recipe recipe, SiteKernels kernels) => new(
        $"{recipe.Name}-{new string('0', 12)}",
        [.. recipe.Kernels.Select(k => new BootKernel(k.Name, $"kernel-{k.Name}") { RunsUnderXen = kernels.Has(k, KernelAbility.Dom0) })],
        recipe.Hypervisor is null ? null : "xen.gz")
    {
        HasMicrocode = !recipe.Microcode.IsEmpty,
    };
}
