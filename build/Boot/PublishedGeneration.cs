using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Kernels;

namespace Dom0Image.Boot;

/// <summary>Reads what menus need to know of a generation from the generation itself.</summary>
internal static class PublishedGeneration
{
    /// <summary>What menus need to know of a finished or staged generation.</summary>
    /// <exception cref="BuildFailedException">It is not there, or damaged.</exception>
    public static GenerationBoot Describe(GenerationTree tree)
    {
        var info = GenerationInfo.Read(tree);
        return new GenerationBoot(
            info.Id,
            [.. info.Kernels.Select(file => new BootKernel(FlavourOf(file), file) { RunsUnderXen = CanBeDom0(tree.ConfigOf(file)) })],
            info.Hypervisor)
        {
            HasMicrocode = info.Microcode,
        };
    }

    /// <summary>The generation that hosts boot now; null when none is published.</summary>
    public static GenerationBoot? Current(Places places) => CurrentState.Booted(places) is { } id ? Describe(GenerationTree.Finished(places, id)) : null;

    /// <summary>A finished generation that the user named.</summary>
    /// <exception cref="BuildFailedException">There is none of this id; names those that there are.</exception>
    public static GenerationBoot Named(Places places, string id)
    {
        if (new GenerationAssembler(places).Exists(id))
        {
            return Describe(GenerationTree.Finished(places, id));
        }

        string[] there = [.. GenerationList.Of(places).Select(kept => kept.Info.Id)];
        throw new BuildFailedException(new Diagnostic($"there is no generation '{id}' below '{places.OnDisk(Places.Generations)}'")
        {
            Expected = there.Length > 0 ? $"one of {string.Join(", ", there)}" : null,
            Hint = Nearest.Hint(id, there),
        });
    }

    // kernel-VERSION-FLAVOUR; only the flavour has dashes of its own.
    private static string FlavourOf(string file) => file.Split('-', 3) is [_, _, var flavour] ? flavour : file;

    private static bool CanBeDom0(string config)
        => !File.Exists(config) || KernelAbility.Dom0.IsIn(KernelConfig.Read(config));
}
