using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Recipes;

namespace Dom0Image.Verification;

/// <summary>A generation that rules look at, with the menus that name it.</summary>
/// <param name="Tree">The generation, sealed or finished.</param>
/// <param name="Menus">The menus as they stand on disk.</param>
/// <param name="Requirement">What every kernel needs.</param>
internal sealed record CheckedGeneration(GenerationTree Tree, MenuReading Menus, KernelRequirement Requirement)
{
    /// <summary>The ids that accounts are to have; null where nobody says.</summary>
    public AccountIds? Accounts { get; init; }

    /// <summary>The generation that hosts boot now; null when there is none.</summary>
    public GenerationTree? Published { get; init; }
}

/// <summary>What a kernel lacks, told from its configuration.</summary>
/// <param name="kernel">Its file name.</param>
/// <param name="configText">The <c>.config</c> that it was compiled with.</param>
/// <param name="use">How menus boot it.</param>
internal delegate IEnumerable<Diagnostic> KernelRequirement(string kernel, string configText, KernelUse use);
