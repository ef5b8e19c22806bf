using System.Collections.Immutable;
using Dom0Image.Store;

namespace Dom0Image.Generations;

/// <summary>What goes into a generation beside its root.</summary>
internal sealed record GenerationParts
{
    /// <summary>The recipe's name.</summary>
    public required string RecipeName { get; init; }

    /// <summary>Key over everything that the generation is made from.</summary>
    public required StageKey Key { get; init; }

    /// <summary>File that lists the image's packages; becomes <c>packages.txt</c>.</summary>
    public required string PackageListFile { get; init; }

    /// <summary>Kernels; at least one.</summary>
    public required ImmutableArray<KernelFile> Kernels { get; init; }

    /// <summary>The hypervisor; null for plain kernels only.</summary>
    public HypervisorFile? Hypervisor { get; init; }

    /// <summary>Path of the archive with processors' microcode; null for none.</summary>
    public string? MicrocodeArchive { get; init; }

    /// <summary>The stages that it is made of; null where they are not in a store.</summary>
    public GenerationMaterials? Materials { get; init; }

    /// <summary>The edits that are in its root.</summary>
    public ImmutableArray<GenerationLayer> Layers { get; init; } = [];

    /// <summary>Further texts that are kept with the generation, by their names there.</summary>
    public ImmutableDictionary<string, string> Extras { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>A compiled kernel.</summary>
/// <param name="FileName">Its name in the TFTP area, such as <c>kernel-6.12-xen-pIV-rltk</c>.</param>
/// <param name="Image">Path of the bzImage.</param>
/// <param name="SystemMap">Path of its <c>System.map</c>.</param>
/// <param name="Config">Path of the configuration that it was compiled with.</param>
internal sealed record KernelFile(string FileName, string Image, string SystemMap, string Config)
{
    /// <summary>The name without <c>kernel-</c>, such as <c>6.12-xen-pIV-rltk</c>.</summary>
    public string Version => FileName.StartsWith("kernel-", StringComparison.Ordinal) ? FileName["kernel-".Length..] : FileName;
}

/// <summary>The hypervisor as it is served.</summary>
/// <param name="FileName">Its name in the TFTP area, such as <c>xen-4.20.gz</c>.</param>
/// <param name="Image">Path of the file.</param>
internal sealed record HypervisorFile(string FileName, string Image);
