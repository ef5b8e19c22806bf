using Dom0Image.Auditing;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting;
using Dom0Image.Recipes;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.Auditing;

/// <summary>The write audit of the default recipe, and both with images that clients cannot write.</summary>
[Category("Boots")]
[Parallelizable(ParallelScope.Self)]
internal sealed class AuditedBootSpecs
{
    [Test]
    public async Task The_default_recipe_writes_nothing_outside_its_flash_list_and_what_I_plant_is_found()
    {
        var built = await BuiltGeneration.GetAsync();
        using var report = new TempDirectory();
        var scenario = new BootScenario("audit", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { DomU = true };
        var plan = built.Plan([scenario], report.Path);

        var result = await WriteAudit.RunAsync(plan, plan.Scenarios[0], built.Context, new LabChanges { Root = Plant });
        var found = result.Writes;

        Assert.That(result.NotUsed, Is.Empty, "all was exercised");
        Assert.That(result.Unseen, Is.Empty, "all that the audit plants itself was seen");
        Assert.That(found.Select(f => f.Path), Is.EqualTo(new[] { "/var/lib/planted", "/var/lib/planted-late" }));
        Assert.That(result.Proposal.Lines.Select(l => FlashText.Line(l.Entry)), Is.EqualTo(new[] { "/var/lib/planted: { kind: file }", "/var/lib/planted-late: { kind: file }" }));
        Assert.That(found[0].Processes, Has.Some.Contains("planted"));
        Assert.That(found[1].Processes, Has.Some.Contains("planted-late"));
    }

    [TestCase(ImagesExport.ReadOnly, Category = "Long_imgs")]
    [TestCase(ImagesExport.None, Category = "Long_imgs")]
    public async Task My_clients_boot_and_prove_all_without_images_that_they_can_write(ImagesExport images)
    {
        var built = await BuiltGeneration.GetAsync();
        using var report = new TempDirectory();
        var scenario = new BootScenario("images", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { DomU = images is not ImagesExport.None };
        var plan = built.Plan([scenario], report.Path);

        var result = await BootTest.RunAsync(plan with { Site = plan.Site with { Images = images } }, built.Context);

        var checks = result.Scenarios.Single().Clients.Single().Checks;
        Assert.That(result.Problems, Is.Empty);
        Assert.That(checks.Single(c => c.Name == "images").Passed);
        Assert.That(checks.Any(c => c.Name == "domu-answers"), Is.EqualTo(images is not ImagesExport.None));
    }

    [TestCase(ImagesExport.ReadOnly, Category = "Long_imgs")]
    [TestCase(ImagesExport.None, Category = "Long_imgs")]
    public async Task I_can_audit_without_images_that_clients_can_write(ImagesExport images)
    {
        var built = await BuiltGeneration.GetAsync();
        using var report = new TempDirectory();
        var scenario = new BootScenario("audit", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { DomU = images is not ImagesExport.None };
        var plan = built.Plan([scenario], report.Path);

        var result = await WriteAudit.RunAsync(plan with { Site = plan.Site with { Images = images } }, plan.Scenarios[0], built.Context, new LabChanges { Root = Plant });

        Assert.That(result.NotUsed, Is.Empty);
        Assert.That(result.Unseen, Is.Empty);
        Assert.That(result.Writes.Select(f => f.Path), Is.EqualTo(new[] { "/var/lib/planted", "/var/lib/planted-late" }));
    }

    // One before udev, and one in a service of the default run level: what init makes of the root between them must not hide it.
    private static void Plant(string root)
    {
        ImageScripts.Insert(root, "dom0-host", Write("planted"));
        ImageScripts.Insert(root, "dom0-xen", Write("planted-late"));
    }

    private static string Write(string name) => $"sh -c 'echo {name} >/var/lib/{name}; sleep 2'";
}
