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

    /// <summary>
    /// The generation that hosts boot now: the one that their menus name, which after a publication that was killed is not
    /// yet the one that <see cref="Places.CurrentRoot"/> leads to. Null when none is published.
    /// </summary>
    public static GenerationBoot? Current(Places places) => CurrentId(places) is { } id ? Describe(GenerationTree.Finished(places, id)) : null;

    /// <summary>Its id alone, whether it can be read or not.</summary>
    public static string? CurrentId(Places places)
    {
        var state = CurrentState.Read(places);
        var named = state.Menus is { } key ? MenuReading.GenerationIn(Path.Combine(places.OnDisk(Places.Menus), key)) : null;
        return named ?? state.Root;
    }

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
