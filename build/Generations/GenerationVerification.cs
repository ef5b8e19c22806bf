using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Generations;

/// <summary>What a kernel lacks, told from its configuration.</summary>
/// <param name="kernel">Its file name.</param>
/// <param name="configText">The <c>.config</c> that it was compiled with.</param>
/// <param name="use">How menus boot it.</param>
public delegate IEnumerable<Diagnostic> KernelRequirement(string kernel, string configText, KernelUse use);

/// <summary>
/// Rules over a generation as a whole, with the menus that will name it: what the parts promise each other. Looks at what
/// is on disk, and not at what it was made from.
/// </summary>
public static class GenerationVerification
{
    /// <summary>Checks a sealed or finished generation; every rule is asked, whatever the others found.</summary>
    /// <param name="tree">The generation.</param>
    /// <param name="menus">Directory with the menus for it.</param>
    /// <param name="requirement">What every kernel needs.</param>
    /// <param name="rootFindings">What was found in the root by itself; it goes into the same report.</param>
    public static VerificationReport Check(GenerationTree tree, string menus, KernelRequirement requirement, IEnumerable<Finding> rootFindings)
    {
        var read = MenuReading.Of(menus);
        return new(tree.Id, [.. rootFindings, .. TftpRules.Check(tree), .. KernelRules.Check(tree, read, requirement), .. MenuRules.Check(tree, read), .. MicrocodeRules.Check(tree, read)]);
    }
}
