using Dom0Image.BootLab;
using Dom0Image.Diagnostics;
using Dom0Image.Pipeline;
using Dom0Image.Recipes;
using Dom0Image.Tests.Recipes;

namespace Dom0Image.Tests.BootLab;

public sealed class BootScenarioSpecs
{
    private static readonly string[] All = ["bios-xen-domu", "uefi-xen", "bios-plain", "bios-xen-3-clients"];

    private static readonly BootProfile Dom0 = LabSiteSpecs.Site().Profiles[0];

    [Test]
    public void I_boot_a_site_with_Xen_in_every_way()
    {
        var choice = Choose([Dom0], _ => true);

        Assert.That(choice.Scenarios, Is.EqualTo(BootScenario.Standard(clients: 3, xen: true, guest: true)));
        Assert.That(choice.Scenarios.Select(s => s.Name), Is.EqualTo(All));
        Assert.That(choice.LeftOut, Is.Empty);
    }

    [Test]
    public void I_boot_no_Xen_where_no_profile_does_and_am_told()
    {
        var choice = Choose([Dom0 with { Xen = false, Dom0Memory = null }], _ => true);

        Assert.That(choice.Scenarios.Select(s => (s.Name, s.Xen)), Is.EqualTo(new[] { ("bios-plain", false), ("uefi-plain", false), ("bios-plain-3-clients", false) }));
        Assert.That(choice.LeftOut, Is.EqualTo(new[] { "the boot test leaves out Xen: no profile of site 'test' boots under it" }));
        Assert.That(choice.Scenarios.Select(s => LabSite.For(Site([Dom0 with { Xen = false }]), s).Hosts.Length), Is.EqualTo(new[] { 1, 1, 3 }));
    }

    [Test]
    public void I_boot_by_UEFI_what_can_be_booted_by_it_and_am_told_when_nothing_can()
    {
        var second = Choose([Dom0, Dom0 with { Name = "new", Flavour = "new" }], profile => profile.Flavour == "new");
        var none = Choose([Dom0], _ => false);

        Assert.That(second.Scenarios.Single(s => s.Name == "uefi-xen").Profile, Is.EqualTo("new"));
        Assert.That(second.Scenarios.Where(s => s.Name != "uefi-xen").Select(s => s.Profile), Is.All.Null);
        Assert.That(none.Scenarios.Select(s => s.Name), Is.EqualTo(All.Except(["uefi-xen"])));
        Assert.That(none.LeftOut.Single(), Does.StartWith("the boot test leaves out 'uefi-xen': no profile under Xen boots a kernel with EFI"));
    }

    [Test]
    public void I_hear_in_the_plan_that_the_boot_test_cannot_be_and_what_to_do()
    {
        using var directory = new TempDirectory();
        var recipe = RecipeReader.Read(directory.Write("r.yaml", BadRecipes.Recipe.Replace("nic/intel", "efi, nic/intel")));
        var text = BadRecipes.Site
            .Replace("192.168.0.0/24", "192.168.0.0/29")
            .Replace("    range: 192.168.0.200-192.168.0.250\n", "")
            .Replace("192.168.0.101", "192.168.0.2").Replace("192.168.0.102", "192.168.0.3");
        var site = SiteReader.Read(directory.Write("s.yaml", text));

        Assert.That(() => PlanChecks.CheckBootTest(recipe, site, clients: 2), Throws.Nothing);
        Assert.That(
            () => PlanChecks.CheckBootTest(recipe, site, clients: 4),
            Throws.TypeOf<BuildFailedException>().With.Message.StartsWith($"{directory["s.yaml"]}:1:1: the boot test has no room for 4 clients and a daily server in 192.168.0.0/29;")
                .And.Message.EndsWith("--clients=3 asks for less; --boot-test=no leaves the boot test out."));
    }

    [Test]
    public void I_am_told_of_kernels_for_BIOS_alone_and_only_where_hosts_boot_them()
    {
        using var directory = new TempDirectory();
        var text = BadRecipes.Recipe.Replace("  xen-generic:", "  spare: { source: linux-source-6.12, fragments: [base] }\n  xen-generic:");
        var site = SiteReader.Read(directory.Write("s.yaml", BadRecipes.Site.Replace("title: Plain,", "title: Plain, flavour: xen-generic,")));

        Assert.That(
            PlanChecks.NotesOnKernels(RecipeReader.Read(directory.Write("r.yaml", text)), site),
            Is.EqualTo(new[] { "kernel flavour 'xen-generic' is without the fragment 'efi': hosts that boot it have to start by BIOS" }));
        Assert.That(PlanChecks.NotesOnKernels(RecipeReader.Read(directory.Write("r.yaml", text.Replace("nic/intel", "efi, nic/intel"))), site), Is.Empty);
    }

    private static BootScenarioChoice Choose(BootProfile[] profiles, Func<BootProfile, bool> bootsByUefi)
        => BootScenarioChoice.For(Site(profiles), clients: 3, hypervisor: true, guest: true, profile => bootsByUefi(profile) || !profiles.Contains(profile));

    private static Site Site(BootProfile[] profiles) => LabSiteSpecs.Site() with { Profiles = [.. profiles] };
}
