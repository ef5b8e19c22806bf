using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;

namespace Dom0Image.Boot;

/// <summary>What menus need to know of a generation. Its files stand at <c>/generations/ID/{kernels,hypervisors}/</c> of the TFTP area.</summary>
/// <param name="GenerationId">The generation that every menu names, kernel and root alike.</param>
/// <param name="Kernels">Its kernels, in the recipe's order; at least one.</param>
/// <param name="HypervisorFileName">File name of its hypervisor, such as <c>xen-4.20.gz</c>; null when it has none.</param>
internal sealed partial record GenerationBoot(string GenerationId, ImmutableArray<BootKernel> Kernels, string? HypervisorFileName)
{
    /// <summary>Whether it has microcode for processors, which menus then hand over.</summary>
    public bool HasMicrocode { get; init; }

    /// <summary>Checks that menus can name it and its files, which stand in their scripts as they are.</summary>
    /// <exception cref="BuildFailedException">All that they cannot name, or it has no kernel.</exception>
    public void RequireNames()
    {
        IEnumerable<string?> names = [GenerationId, HypervisorFileName, .. Kernels.Select(k => k.FileName)];
        var found = names.OfType<string>().Where(n => !FileName().IsMatch(n))
            .Select(n => new Diagnostic($"'{n}' cannot stand in a menu") { Expected = "a file name of letters, digits, '.', '_', '+' and '-'" }).ToList();
        if (Kernels.IsDefaultOrEmpty)
        {
            found.Add(new Diagnostic($"generation {GenerationId} has no kernel") { Expected = "at least one" });
        }

        if (found.Count > 0)
        {
            throw new BuildFailedException(found);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,127}\z")]
    private static partial Regex FileName();
}

/// <summary>A kernel as menus name it.</summary>
/// <param name="Flavour">The flavour's name in the recipe, such as <c>xen-pIV-rltk</c>.</param>
/// <param name="FileName">Its file, such as <c>kernel-6.12-xen-pIV-rltk</c>.</param>
internal sealed record BootKernel(string Flavour, string FileName)
{
    /// <summary>Whether it can be dom0; such a kernel boots without Xen as well.</summary>
    public bool RunsUnderXen { get; init; } = true;
}
