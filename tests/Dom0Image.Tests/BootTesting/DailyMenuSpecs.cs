using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting;
using Dom0Image.BootTesting.Checks;
using Dom0Image.Posix;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.BootTesting;

/// <summary>A client at the daily server's menu: QEMU, GRUB and the real servers, up to where a kernel would be fetched.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class DailyMenuSpecs
{
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
        await using var lab = await MenuLab.StartAsync(Scenario, files =>
        {
            var menu = Path.Combine(files.TftpArea, "grub/daily/post01.conf");
            File.WriteAllText(menu, change(File.ReadAllText(menu)));
        });
        await using var client = await lab.SwitchOnAsync();
        var host = lab.Site.Hosts[0];
        var visit = new DailyMenuVisit(client.Console, lab.Site.TitleOf(host), LoadAverage.Slowness());

        await visit.GoAsync(CancellationToken.None);
        await client.Console.ExpectAsync(new(@"Loading \S+ from"), 0, TimeSpan.FromSeconds(60), CancellationToken.None);

        foreach (var line in client.Console.Lines)
        {
            TestContext.Out.WriteLine($"[{line.At.TotalSeconds:F2}] {line.Text}");
        }

        return (visit.Password, MenuChecks.Of(host, throughDaily: true, lab.Lab.Servers.TftpRequests));
    }
}
