using System.Collections.Immutable;

namespace Dom0Image.Verification;

/// <summary>
/// Has every rule look at a generation with the menus that will name it: at what is on disk, and not at what it was made from.
/// </summary>
internal static class GenerationVerification
{
    /// <summary>Checks a sealed or finished generation, its root with the rest.</summary>
    public static VerificationReport Check(CheckedGeneration generation, CheckedImage image)
        => new(generation.Tree.Id, [.. ImageVerification.Verify(image), .. CheckParts(generation)]);

    /// <summary>Checks what its parts promise each other, and not the root by itself.</summary>
    public static ImmutableArray<Finding> CheckParts(CheckedGeneration generation) => [.. Rules.OfGeneration.SelectMany(rule => rule.Check(generation))];

    /// <summary>
    /// Checks that a generation has what other menus than those that it was verified with ask of it: they may boot another of its
    /// kernels, or one under Xen that was not.
    /// </summary>
    public static ImmutableArray<Finding> CheckMenus(CheckedGeneration generation)
        => [.. new MenuRule().Check(generation), .. KernelRule.CheckNamed(generation), .. new MicrocodeRule().Check(generation)];
}
