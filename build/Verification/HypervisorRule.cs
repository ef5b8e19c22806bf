
namespace Dom0Image.Verification;

/// <summary>Hypervisors are whole, and GRUB can boot them.</summary>
internal sealed class HypervisorRule : IGenerationRule
{
    /// <inheritdoc/>
    public IEnumerable<Finding> Check(CheckedGeneration generation)
    {
        foreach (var hypervisor in TftpRule.FilesOf(generation.Tree.Hypervisors))
        {
            var name = $"/hypervisors/{hypervisor.Name}";
            if (!Multiboot2.HasHeader(hypervisor.FullName))
            {
                yield return new Finding(FindingKind.HypervisorNone, name, "has no Multiboot2 header: GRUB can't boot it", "Is it another package's file? The recipe's 'hypervisor' says which is taken");
            }
            else if (WholeFile.Damage(hypervisor.FullName) is { } damage)
            {
                yield return new Finding(FindingKind.HypervisorDamaged, name, damage, "Build the generation again");
            }
        }
    }
}
