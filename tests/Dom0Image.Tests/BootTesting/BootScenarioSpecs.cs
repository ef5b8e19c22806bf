using Dom0Image.BootLab;
using Dom0Image.BootTesting;
using Dom0Image.Recipes;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.BootTesting;

internal sealed class BootScenarioSpecs
{
    private static readonly string[] All = ["bios-xen-domu", "uefi-xen", "bios-plain", "bios-xen-3-clients"];

    private static readonly BootProfile Dom0 = LabSiteSpecs.Site().Profiles[0];

    [Test]
    public void I_boot_a_site_with_Xen_in_every_way()
    {
        var choice = Choose([Dom0], _ => true);

        Assert.That(choice.Scenarios, Is.EqualTo(BootScenarioChoice.Standard(clients: 3, xen: true, guest: true)));
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
    public void A_quick_test_boots_by_BIOS_under_Xen_what_most_hosts_boot()
    {
        var noapic = Dom0 with { Name = "noapic" };
        var site = Site([Dom0, noapic]);
        var most = site with { Hosts = [.. site.Hosts.Select(h => h with { Profile = "noapic" })] };

        Assert.That(Of(site).Quick, Is.EqualTo(Of(site).Scenarios[0]), "the next full test need not boot it again");
        Assert.That(Of(site).Quick.Profile, Is.Null);
        Assert.That(Of(most).Quick.Profile, Is.EqualTo("noapic"));
        Assert.That(LabSite.For(most, Of(most).Quick).Hosts[0].Profile, Is.EqualTo("noapic"));
        Assert.That(Choose([Dom0 with { Xen = false, Dom0Memory = null }], _ => true).Quick.Name, Is.EqualTo("bios-plain"));

        static BootScenarioChoice Of(Site site) => BootScenarioChoice.For(site, clients: 3, hypervisor: true, guest: true, _ => true);
    }

    [TestCase(ImagesExport.ReadWrite, "bios-xen-domu", 0)]
    [TestCase(ImagesExport.ReadOnly, "bios-xen-domu", 0)]
    [TestCase(ImagesExport.None, "bios-xen", 1)]
    public void I_start_a_guest_where_clients_get_images_and_am_told_where_they_do_not(ImagesExport images, string first, int leftOut)
    {
        var choice = BootScenarioChoice.For(Site([Dom0]) with { Images = images }, clients: 1, hypervisor: true, guest: true, _ => true);

        Assert.That((choice.Scenarios[0].Name, choice.LeftOut.Length), Is.EqualTo((first, leftOut)));
    }

    private static BootScenarioChoice Choose(BootProfile[] profiles, Func<BootProfile, bool> bootsByUefi)
        => BootScenarioChoice.For(Site(profiles), clients: 3, hypervisor: true, guest: true, profile => bootsByUefi(profile) || !profiles.Contains(profile));

    private static Site Site(BootProfile[] profiles) => LabSiteSpecs.Site() with { Profiles = [.. profiles] };
}
