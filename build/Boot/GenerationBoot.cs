using System.Collections.Immutable;

namespace Dom0Image.Boot;

/// <summary>What menus need to know of a generation. Its files stand at <c>/generations/ID/{kernels,hypervisors}/</c> of the TFTP area.</summary>
/// <param name="GenerationId">The generation that every menu names, kernel and root alike.</param>
/// <param name="Kernels">Its kernels, in the recipe's order; at least one.</param>
/// <param name="HypervisorFileName">File name of its hypervisor, such as <c>xen-4.20.gz</c>; null when it has none.</param>
internal sealed record GenerationBoot(string GenerationId, ImmutableArray<BootKernel> Kernels, string? HypervisorFileName)
{
    /// <summary>Whether it has microcode for processors, which menus then hand over.</summary>
    public bool HasMicrocode { get; init; }
}

/// <summary>A kernel as menus name it.</summary>
/// <param name="Flavour">The flavour's name in the recipe, such as <c>xen-pIV-rltk</c>.</param>
/// <param name="FileName">Its file, such as <c>kernel-6.12-xen-pIV-rltk</c>.</param>
internal sealed record BootKernel(string Flavour, string FileName)
{
    /// <summary>Whether it can be dom0; such a kernel boots without Xen as well.</summary>
    public bool RunsUnderXen { get; init; } = true;
}
