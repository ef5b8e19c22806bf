using System.Collections.Immutable;
using Dom0Image.BaseLayer;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Microcode;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Xen;

namespace Dom0Image.Pipeline;

/// <summary>Finds in the store what a generation was made of, by the keys that it keeps. Nothing is made, and no mirror is asked.</summary>
internal static class StoredMaterials
{
    private const string BaseLayer = "base-layer";
    private const string Kernel = "kernel";
    private const string Hypervisor = "hypervisor";
    private const string Microcode = "microcode";

    /// <summary>Gives them.</summary>
    /// <param name="recipe">The generation's own.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="store">Where they were made.</param>
    /// <exception cref="BuildFailedException">The store has them no longer, or never had them.</exception>
    public static Materials Require(Recipe recipe, GenerationInfo generation, BuildStore store)
    {
        ImmutableArray<GenerationMaterials> known = [.. generation.Materials is { } first ? [first] : Array.Empty<GenerationMaterials>(), .. GenerationRecord.MaterialsOf(generation.Id, store)];
        foreach (var keys in known)
        {
            if (Stages(keys).All(stage => Directory.Exists(store.Finished(stage.Name, new StageKey(stage.Key)))))
            {
                return Of(recipe, generation, keys, store);
            }
        }

        string[] missing = known.IsEmpty ? [] : [.. Stages(known[0]).Where(stage => !Directory.Exists(store.Finished(stage.Name, new StageKey(stage.Key)))).Select(stage => stage.Told).Distinct()];
        var why = known.IsEmpty ? "it does not say of which stages it was made" : $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} not there any more";
        throw new BuildFailedException(new Diagnostic($"'{store.Root}' does not hold what generation {generation.Id} was made of: {why}. Nothing was changed")
        {
            Hint = $"./build.sh --recipe={recipe.Name} makes it as the archive is now, with updates, and takes the edits along",
        });
    }

    private static Materials Of(Recipe recipe, GenerationInfo generation, GenerationMaterials keys, BuildStore store)
    {
        StageOutput Output(string name, string key)
        {
            var stage = new StageKey(key);
            StoreUse.Note(store.Finished(name, stage));
            return new StageOutput(stage, store.Finished(name, stage), Cached: true);
        }

        return new Materials(
            new BaseLayerArchive(Output(BaseLayer, keys.BaseLayer)),
            [.. recipe.Kernels.Where(flavour => keys.Kernels.ContainsKey(flavour.Name)).Select(flavour => KernelIn(Output(Kernel, keys.Kernels[flavour.Name]), flavour, generation))],
            keys.Hypervisor is { } hypervisor ? HypervisorIn(Output(Hypervisor, hypervisor), generation) : null)
        {
            Microcode = keys.Microcode is { } microcode ? MicrocodeIn(Output(Microcode, microcode)) : null,
        };
    }

    private static KernelBuild KernelIn(StageOutput output, KernelFlavour flavour, GenerationInfo generation)
    {
        string At(string name) => Path.Combine(output.Directory, name);
        return new KernelBuild(
            flavour, File.ReadAllText(At("release")).Trim(), generation.Kernels.First(file => file.EndsWith($"-{flavour.Name}", StringComparison.Ordinal)),
            At("bzImage"), At("System.map"), At("config"), Directory.Exists(At("modules")) ? At("modules") : null, generation.Id, output);
    }

    private static HypervisorImage HypervisorIn(StageOutput output, GenerationInfo generation)
        => new(generation.Hypervisor!, Path.Combine(output.Directory, generation.Hypervisor!), generation.Id, output);

    private static MicrocodeImage MicrocodeIn(StageOutput output)
        => new(Path.Combine(output.Directory, GenerationTree.MicrocodeName), "", output);

    private static IEnumerable<(string Name, string Key, string Told)> Stages(GenerationMaterials keys) =>
    [
        (BaseLayer, keys.BaseLayer, "its base layer"),
        .. keys.Kernels.Select(kernel => (Kernel, kernel.Value, $"kernel {kernel.Key}")),
        .. keys.Hypervisor is { } hypervisor ? [(Hypervisor, hypervisor, "its hypervisor")] : Array.Empty<(string, string, string)>(),
        .. keys.Microcode is { } microcode ? [(Microcode, microcode, "its microcode")] : Array.Empty<(string, string, string)>(),
    ];
}
