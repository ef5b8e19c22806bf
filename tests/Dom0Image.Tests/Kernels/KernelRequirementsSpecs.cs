using Dom0Image.Kernels;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Kernels;

internal sealed class KernelRequirementsSpecs
{
    private static readonly KernelUse UnderXen = new(UnderXen: true, Alone: false);
    private static readonly KernelUse Both = new(UnderXen: true, Alone: true);

    [TestCase("ROOT_NFS", "panics")]
    [TestCase("IP_PNP", "no IP-Config")]
    [TestCase("XEN_PV_DOM0", "mapping kernel into physical memory")]
    [TestCase("E1000", "no network card")]
    public void I_am_told_what_a_client_would_show_when_an_option_is_missing(string option, string symptom)
    {
        var whole = WholeConfig.Text;

        Assert.That(KernelRequirements.Check(whole, Both), Is.Empty);
        // A module is of no use: there is nowhere to load it from.
        var broken = whole.Replace($"CONFIG_{option}=y", $"CONFIG_{option}=m", StringComparison.Ordinal);
        Assert.That(KernelRequirements.Check(broken, Both).Single().What, Does.Contain(symptom));
    }

    [TestCase("CONFIG_MICROCODE=y", "# CONFIG_MICROCODE is not set", "CONFIG_MICROCODE=y")]
    [TestCase("CONFIG_BLK_DEV_INITRD=y", "# CONFIG_BLK_DEV_INITRD is not set", "CONFIG_BLK_DEV_INITRD=y")]
    [TestCase("CONFIG_MICROCODE_AMD=y", "# CONFIG_MICROCODE_AMD is not set", "CONFIG_MICROCODE_AMD=y")]
    public void I_am_told_of_a_kernel_that_would_not_take_microcode(string option, string off, string told)
    {
        var whole = $"{WholeConfig.Text}\nCONFIG_BLK_DEV_INITRD=y\nCONFIG_MICROCODE=y\nCONFIG_MICROCODE_AMD=y\nCONFIG_MICROCODE_INTEL=y\n";

        Assert.That(KernelRequirements.Check(whole, Both, microcode: true), Is.Empty);
        Assert.That(KernelRequirements.Check(whole.Replace("CONFIG_MICROCODE_AMD=y\n", "").Replace("CONFIG_MICROCODE_INTEL=y\n", ""), Both, microcode: true), Is.Empty, "later kernels have no such options");
        var broken = whole.Replace(option, off, StringComparison.Ordinal);
        Assert.That(KernelRequirements.Check(broken, Both, microcode: true).Single().What, Does.Contain(told));
        Assert.That(KernelRequirements.Check(broken, Both), Is.Empty, "none is handed over");
        Assert.That(KernelRequirements.Check(broken, UnderXen, microcode: true), Is.Empty, "the hypervisor takes it");
    }

    [Test]
    public void I_need_no_Xen_in_a_kernel_that_is_booted_without()
    {
        var findings = KernelRequirements.Check("CONFIG_E1000=y", new KernelUse(UnderXen: false, Alone: true));

        Assert.That(findings.Select(finding => finding.What), Has.None.Contains("XEN"));
    }
}
