using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Puts a composed root together with its kernels and the rest, and names the generation by all that it holds.</summary>
/// <param name="plan">Recipe and checkout.</param>
/// <param name="materials">Kernels, hypervisor, package list.</param>
internal sealed class GenerationSeal(BuildPlan plan, Materials materials)
{
    /// <summary>Seals it: the root must not be edited after this.</summary>
    /// <param name="staged">The generation, its root composed.</param>
    /// <param name="key">Key over what it was made from.</param>
    /// <param name="context">Progress.</param>
    public void Seal(StagedGeneration staged, StageKey key, StageContext context)
    {
        context.Progress.Report("taking the manifest", 1);
        staged.Seal(Parts(key), context.Cancellation);
        staged.NameByContent();
    }

    private GenerationParts Parts(StageKey key) => new()
    {
        RecipeName = plan.Recipe.Name,
        Key = key,
        PackageListFile = materials.BaseLayer.PackageList,
        Extras = ImmutableDictionary<string, string>.Empty.Add(GenerationRecipe.FileName, plan.RecipeText),
        Kernels = [.. materials.Kernels.Select(k => new KernelFile(k.FileName, k.Image, k.SystemMap, k.Config))],
        Hypervisor = materials.Hypervisor is { } hypervisor ? new HypervisorFile(hypervisor.FileName, hypervisor.File) : null,
        MicrocodeArchive = materials.Microcode?.File,
        Materials = materials.Keys,
        Layers = [.. materials.Edits.Layers.Select(kept => new GenerationLayer(kept.Layer.Name, kept.Layer.Why, kept.Layer.Who))],
    };
}
