using System.Collections.Immutable;
using Dom0Image.Boot;
using Dom0Image.Boot.Loaders;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting;
using Dom0Image.Generations;
using Dom0Image.Tests.BootLab;
using Dom0Image.Tests.RootFs;

namespace Dom0Image.Tests.BootTesting;

internal sealed class BootTestKeySpecs
{
    private static readonly ImmutableArray<BootScenario> Scenarios = [new("bios-xen", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { DomU = true }];

    [Test]
    public void A_generation_that_passed_is_booted_again_when_its_loaders_its_guest_its_site_or_the_ways_to_boot_change()
    {
        var plan = Plan();
        string[] keys =
        [
            Key(plan, "loaders", "guest"),
            Key(plan, "other loaders", "guest"),
            Key(plan, "loaders", "other guest"),
            Key(plan with { Site = plan.Site with { BootServer = System.Net.IPAddress.Parse("192.168.0.6") } }, "loaders", "guest"),
            Key(plan with { Scenarios = [Scenarios[0] with { Clients = 2 }] }, "loaders", "guest"),
        ];

        Assert.That(keys, Is.Unique);
        Assert.That(Key(Plan(), "loaders", "guest"), Is.EqualTo(keys[0]), "and not when nothing changes");
    }

    [Test]
    public void The_loaders_that_this_machine_makes_are_in_the_key()
    {
        var plan = Plan() with { Scenarios = [Scenarios[0] with { DomU = false }] };

        Assert.That(BootTestKey.Of(plan), Is.EqualTo(BootTestKey.Of(plan, GrubImages.KeyOf(LabSite.SerialLine).Value, "")));
    }

    private static string Key(BootTestPlan plan, string loaders, string guest) => BootTestKey.Of(plan, loaders, guest).Single().Value;

    private static BootTestPlan Plan() => new()
    {
        Site = LabSiteSpecs.Site(),
        Recipe = TestImage.RecipeWith(TestImage.List()),
        Generation = GenerationTree.Finished(new Places("/nowhere"), "small-0123456789ab"),
        Boot = new GenerationBoot("small-0123456789ab", [new BootKernel("xen", "kernel-6.99-small")], "xen-4.99.gz"),
        Scenarios = Scenarios,
        ReportDirectory = "/nowhere",
    };
}
