using Dom0Image.Diagnostics;
using Dom0Image.Kernels;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Tests.Kernels;
using Dom0Image.Tests.Recipes;

namespace Dom0Image.Tests.Pipeline;

/// <summary>Which kernels hosts boot, and what these can be booted as, told by options and never by the names of fragments' files.</summary>
internal sealed class SiteKernelsSpecs
{
    private const string OtherNames = "fragments: [base, mine, nic/intel]";

    private TempDirectory _directory = null!;

    [SetUp]
    public void MakeDirectory()
    {
        _directory = new TempDirectory();
        Fragment("base", "CONFIG_NET=y");
        Fragment("nic/intel", "CONFIG_E1000=y");
        Fragment("xen-dom0", "CONFIG_XEN_DOM0=y");
    }

    [TearDown]
    public void RemoveDirectory() => _directory.Dispose();

    [TestCase("title: Xen", "title: Xen, flavour: xen-genric", "s.yaml:7:3: profile 'dom0' names the flavour 'xen-genric', which recipe 'r' lacks; expected one of xen-generic. Did you mean 'xen-generic'?")]
    [TestCase("profile: plain }", "profile: plain, flavour: x }", "s.yaml:12:3: host 'post02' names the flavour 'x', which recipe 'r' lacks; expected one of xen-generic")]
    public void I_get_told_when_a_site_asks_for_what_the_recipe_lacks(string piece, string other, string message)
        => Assert.That(Kernels(BadRecipes.Recipe, BadRecipes.Site.Replace(piece, other)).Check, Throws.TypeOf<BuildFailedException>().With.Message.EndsWith(message));

    [Test]
    public void I_get_told_when_a_profile_wants_Xen_and_the_recipe_has_none()
        => Assert.That(
            Kernels(BadRecipes.Recipe.Replace("hypervisor: {", "#").Replace("xen-dom0, ", "")).Check,
            Throws.TypeOf<BuildFailedException>().With.Message.EqualTo(string.Join("\n  ",
                "2 problems:",
                $"{_directory["s.yaml"]}:7:3: profile 'dom0' boots under Xen, but recipe 'r' has no hypervisor; expected 'xen: false' here, or a 'hypervisor' in {_directory["r.yaml"]}",
                $"{_directory["s.yaml"]}:7:3: profile 'dom0' boots under Xen, but recipe 'r' has no kernel for dom0; expected a flavour with a fragment that asks for CONFIG_XEN_DOM0=y")));

    [Test]
    public void I_can_call_a_fragment_for_dom0_and_UEFI_as_I_like()
    {
        Fragment("mine", "CONFIG_XEN_DOM0=y\nCONFIG_EFI=y");
        var kernels = Kernels(BadRecipes.Recipe.Replace("fragments: [base, xen-dom0, nic/intel]", OtherNames));

        Assert.That(kernels.Check, Throws.Nothing);
        Assert.That(kernels.Notes(), Is.Empty);
    }

    [TestCase("CONFIG_NET=y")]
    [TestCase("# CONFIG_XEN_DOM0 is not set\n# CONFIG_EFI is not set")]
    public void I_cannot_make_a_kernel_one_for_dom0_or_UEFI_by_the_name_of_a_fragment(string asked)
    {
        Fragment("xen-dom0", asked);
        Fragment("efi", asked);
        var kernels = Kernels(BadRecipes.Recipe.Replace("xen-dom0, ", "xen-dom0, efi, "), BadRecipes.Site.Replace("title: Xen", "title: Xen, flavour: xen-generic"));

        Assert.That(kernels.Check, Throws.TypeOf<BuildFailedException>().With.Message.Contains("profile 'dom0' boots under Xen, but flavour 'xen-generic' is no kernel for dom0"));
        Assert.That(kernels.Notes(), Is.EqualTo(new[] { "no fragment of kernel flavour 'xen-generic' asks for CONFIG_EFI=y: hosts that boot it have to start by BIOS" }));
    }

    [TestCase("CONFIG_XEN_DOM0=y\nCONFIG_EFI=y", "", null)]
    [TestCase("CONFIG_XEN_DOM0=y", "EFI", null)]
    [TestCase("CONFIG_XEN_DOM0=y\nCONFIG_EFI=y", "EFI",
        "CONFIG_EFI=y is asked for at DIRECTORY/xen-dom0.config:2:1, but the finished configuration has CONFIG_EFI=n: the plan went by a kernel that can be booted by UEFI")]
    [TestCase("CONFIG_XEN_DOM0=y", "",
        "no fragment asks for CONFIG_EFI, but the finished configuration has CONFIG_EFI=y: the plan went by a kernel that cannot be booted by UEFI. Set CONFIG_EFI=y in a fragment of the flavour, in kernel-configs/.")]
    [TestCase("CONFIG_EFI=y\n# CONFIG_XEN_DOM0 is not set", "",
        "CONFIG_XEN_DOM0=n is asked for at DIRECTORY/xen-dom0.config:2:1, but the finished configuration has CONFIG_XEN_DOM0=y: the plan went by a kernel that cannot be dom0")]
    public void I_am_told_where_a_finished_configuration_is_not_what_the_plan_went_by(string asked, string without, string? told)
    {
        Fragment("xen-dom0", asked);
        var recipe = RecipeReader.Read(_directory.Write("r.yaml", BadRecipes.Recipe));
        var finished = KernelConfig.Parse(WholeConfig.Text.Replace($"CONFIG_{without}=y\n", "", StringComparison.Ordinal));

        Assert.That(Kernels(BadRecipes.Recipe).Problems(recipe.Kernels[0], finished).Select(p => p.ToString()), Is.EqualTo(told is null ? Array.Empty<string>() : [told.Replace("DIRECTORY", _directory.Path)]));
    }

    [Test]
    public void I_am_told_of_a_kernel_for_BIOS_only_where_hosts_boot_it()
    {
        var recipe = BadRecipes.Recipe.Replace("  xen-generic:", "  spare: { source: linux-source-6.12, fragments: [base] }\n  xen-generic:");

        Assert.That(
            Kernels(recipe, BadRecipes.Site.Replace("title: Plain,", "title: Plain, flavour: xen-generic,")).Notes(),
            Is.EqualTo(new[] { "no fragment of kernel flavour 'xen-generic' asks for CONFIG_EFI=y: hosts that boot it have to start by BIOS" }));
    }

    private void Fragment(string name, string text) => _directory.Write($"{name}.config", text + "\n");

    private SiteKernels Kernels(string recipe, string site = BadRecipes.Site)
        => Planned.Kernels(RecipeReader.Read(_directory.Write("r.yaml", recipe)), SiteReader.Read(_directory.Write("s.yaml", site)), _directory.Path);
}
