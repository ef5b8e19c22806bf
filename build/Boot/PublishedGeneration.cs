using Dom0Image.Generations;

namespace Dom0Image.Boot;

/// <summary>Reads what menus need to know of a generation from the generation itself.</summary>
public static class PublishedGeneration
{
    /// <summary>What menus need to know of a finished or staged generation.</summary>
    /// <exception cref="Diagnostics.BuildFailedException">It is not there, or damaged.</exception>
    public static GenerationBoot Describe(GenerationTree tree)
    {
        var info = GenerationInfo.Read(tree);
        return new GenerationBoot(
            info.Id,
            [.. info.Kernels.Select(file => new BootKernel(FlavourOf(file), file) { RunsUnderXen = CanBeDom0(tree.ConfigOf(file)) })],
            info.Hypervisor);
    }

    /// <summary>The generation that hosts boot now; null when none is published.</summary>
    public static GenerationBoot? Current(Places places)
        => CurrentState.Read(places).Root is { } id ? Describe(GenerationTree.Finished(places, id)) : null;

    /// <summary>Whether a file that a menu names is served, by its path as TFTP clients name it.</summary>
    public static bool Serves(Places places, string file) => File.Exists(places.OnDisk(Places.Tftp + file));

    // kernel-VERSION-FLAVOUR; only the flavour has dashes of its own.
    private static string FlavourOf(string file) => file.Split('-', 3) is [_, _, var flavour] ? flavour : file;

    private static bool CanBeDom0(string config)
        => !File.Exists(config) || File.ReadLines(config).Any(l => l is "CONFIG_XEN_DOM0=y" or "CONFIG_XEN_PRIVILEGED_GUEST=y");
}
