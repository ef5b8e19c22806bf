using Dom0Image.Auditing;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootTesting;
using Dom0Image.Recipes;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.Auditing;

/// <summary>Services of real rooms, which write as their packages have it.</summary>
[Category("Boots")]
[Parallelizable(ParallelScope.Self)]
internal sealed class WriteAuditServicesSpecs
{
    private static readonly BootScenario Plain = new("services", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: false);

    // A database among them.
    private static readonly string[] Services = ["mariadb-server", "postfix", "snmpd", "cups-daemon", "nginx-light", "cron"];

    [TestCase("trixie", Category = "Long_write_audit")]
    [TestCase("trixie-systemd", Category = "Long_write_audit")]
    public async Task My_services_run_after_one_audit_and_one_apply(string recipe)
    {
        using var mine = new TempDirectory();
        using var report = new TempDirectory();
        var text = File.ReadAllText(BuiltGeneration.RecipeOf(recipe));
        Assert.That(text, Does.Contain("\npackages:\n"));
        var file = mine.Write($"{recipe}-services.yaml", text.Replace("\npackages:\n", "\npackages:\n" + string.Concat(Services.Select(name => $"  - {name}\n")), StringComparison.Ordinal));
        var before = await BuiltGeneration.OfAsync(file);

        var audit = await WriteAudit.RunAsync(before.Plan([Plain], report["audit"]), Plain, before.Context);
        new FlashApplication(before.Recipe, audit.Proposal).Write();
        TestContext.Progress.WriteLine(string.Join('\n', File.ReadAllLines(file).Except(text.Split('\n')).Concat(audit.Proposal.Uncovered.Select(u => $"not covered: {u.Write.Path}: {u.Write.What}: {u.Why}"))));
        var after = await BuiltGeneration.OfAsync(file);
        var boot = await BootTest.RunAsync(after.Plan([Plain], report["boot"]), after.Context);

        TestContext.Progress.WriteLine(File.ReadAllText(report["boot/report.txt"]));
        Assert.That(audit.Unseen, Is.Empty);
        Assert.That(audit.NotUsed, Is.Empty);
        Assert.That(audit.Proposal.Lines.Length, Is.InRange(3, 12), "as few as a person would write");
        Assert.That(audit.Proposal.Lines.Select(l => l.Entry), Has.Some.Matches<FlashEntry>(e => e is { Path: "/var/lib/mysql", Owner: "mysql", Start: FlashStart.Content }));
        Assert.That(boot.Problems, Is.Empty);
    }

    [Test]
    [Category("Long_write_audit")]
    public async Task An_audit_whose_client_mounts_its_root_read_only_fails_as_blind()
    {
        // Without what holds it writable, as audits were before; and what checkroot does where it runs, by the image's fstab.
        const string LetGo = "for fd in /proc/[0-9]*/fd/9; do case $(readlink $fd) in /.write-audit*) p=${fd#/proc/}; kill ${p%%/*} ;; esac; done; sleep 1; mount -o remount,ro /";
        var built = await BuiltGeneration.GetAsync();
        using var report = new TempDirectory();

        var audit = await WriteAudit.RunAsync(
            built.Plan([Plain], report.Path),
            Plain,
            built.Context,
            new LabChanges { Root = root => ImageScripts.Insert(root, "dom0-host", LetGo) });

        Assert.That(audit.Unseen.Single(), Does.Contain("the end of the system's start").And.Contain("a service of the default run level").And.Contain("after the guest").And.Not.Contain("udev"));
    }
}
