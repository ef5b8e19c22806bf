using Dom0Image.Boot;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Checks;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;
using Dom0Image.Generations;
using Dom0Image.Processes;
using Dom0Image.Tests.RootFs;

namespace Dom0Image.Tests.BootLab;

/// <summary>A client at the daily server's menu: QEMU, GRUB and the real servers, up to where a kernel would be fetched.</summary>
[Category("Slow")]
public sealed class DailyMenuSpecs
{
    private const string Id = "test-0123456789ab";

    private static readonly BootScenario Scenario = new("daily", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true) { ThroughDailyMenu = true };

    [Test]
    public async Task My_password_is_asked_for_a_wrong_one_is_refused_and_the_menus_are_the_hosts_own()
    {
        var (password, menus) = await VisitAsync(menu => menu);

        Assert.That(password, Is.EqualTo(new CheckResult("menu-password", true, "a wrong one was refused")));
        Assert.That(menus, Is.All.Property("Passed").True);
    }

    [Test]
    public async Task I_am_told_when_the_dom0_entry_is_open_to_all()
    {
        var (password, _) = await VisitAsync(menu => menu.Replace("--users ''", "--unrestricted", StringComparison.Ordinal));

        Assert.That(password.Passed, Is.False);
        Assert.That(password.Detail, Does.Contain("asked for no password"));
    }

    private static async Task<(CheckResult Password, IReadOnlyList<CheckResult> Menus)> VisitAsync(Func<string, string> change)
    {
        using var temp = new TempDirectory();
        using var image = new TestImage();
        var context = image.Context();
        var site = LabSite.For(LabSiteSpecs.Site(), Scenario);
        var boot = new GenerationBoot(Id, [new BootKernel("xen", "kernel-6.12-xen")], "xen-4.20.gz");
        var generation = GenerationTree.Finished(new Places(temp["prefix"]), Id);
        Directory.CreateDirectory(generation.TftpDirectory);
        var files = LabFiles.Write(temp["work"], site, generation, new LabImage(temp.Make("generations"), image.Root), boot, await GrubImages.MakeAsync(context, BootTest.Serial));
        var menu = Path.Combine(files.TftpArea, "grub/daily/post01.conf");
        File.WriteAllText(menu, change(File.ReadAllText(menu)));
        var setup = new LabSetup(temp["work"], files.Configuration, files.Mounts, site.Addresses, 1);
        await using var lab = await Lab.StartAsync(setup, new ToolRunner(), Acceleration.Tcg, CancellationToken.None);
        await using var client = await lab.SwitchOnAsync("post01", 0, site.Hosts[0].Mac, Scenario.Hardware);
        var visit = new DailyMenuVisit(client.Console, site.TitleOf(site.Hosts[0]), ScenarioRun.Busy());

        await visit.GoAsync(CancellationToken.None);
        await client.Console.ExpectAsync(new(@"Loading \S+ from"), 0, TimeSpan.FromSeconds(60), CancellationToken.None);

        foreach (var line in client.Console.Lines)
        {
            TestContext.Out.WriteLine($"[{line.At.TotalSeconds:F2}] {line.Text}");
        }

        lab.Servers.TftpRequests.ForEach(r => TestContext.Out.WriteLine(r));
        return (visit.Password, MenuChecks.Of(site.Hosts[0], throughDaily: true, lab.Servers.TftpRequests));
    }
}
