using System.Collections.Immutable;
using System.Net;
using Dom0Image.Auditing;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.Auditing;

internal sealed class WriteAuditSpecs
{
    [Test]
    public void I_get_each_path_that_was_written_once_with_who_did_it()
    {
        using var root = new TempDirectory();
        root.Write("etc/adjtime");
        root.Make("var/lib/dhcp");
        root.Make("run");
        var processes = AuditReading.ReadProcesses(["/etc/adjtime\t12\thwclock -w", "/var/lib/thing/db\t13\tthingd", "/var/lib/thing/db (deleted)\t13\tthingd"]);

        var found = new AuditReading(root.Path, processes, ["/", "/run"]).Read(AuditEntry.ReadAll(
        [
            "d|755|0|0|8|etc",
            "f|644|0|0|8|etc/adjtime",
            "d|755|0|0|8|var",
            "d|755|0|0|8|var/lib",
            "d|750|101|102|8|var/lib/thing",
            "f|644|101|102|8|var/lib/thing/db",
            "d|700|0|0|8|var/lib/dhcp",
            "d|755|0|0|8|run",
            "p|600|0|0|8|run/initctl",
        ]));

        Assert.That(found.Select(f => f.Path), Is.EqualTo(new[] { "/etc/adjtime", "/var/lib/dhcp", "/var/lib/thing" }));
        Assert.That(found[0].Processes, Is.EqualTo(ImmutableArray.Create("hwclock -w")));
        Assert.That(found[2].Processes, Is.EqualTo(ImmutableArray.Create("thingd")));
    }

    [Test]
    public void A_client_that_wrote_nothing_gives_no_finding()
    {
        using var root = new TempDirectory();

        Assert.That(new AuditReading(root.Path, ImmutableDictionary<string, ImmutableArray<string>>.Empty, []).Read(AuditEntry.ReadAll([])), Is.Empty);
    }

    [Test]
    public void A_deleted_file_of_the_image_is_a_finding()
    {
        using var root = new TempDirectory();
        root.Write("etc/issue");

        var found = new AuditReading(root.Path, ImmutableDictionary<string, ImmutableArray<string>>.Empty, []).Read(AuditEntry.ReadAll(["d|755|0|0|8|etc", "c|0|0|0|8|etc/issue"]));

        Assert.That(found.Single().Change, Is.EqualTo(AuditedChange.Deleted));
    }

    [Test]
    public void I_get_a_file_that_was_made_and_deleted_again()
    {
        using var root = new TempDirectory();
        root.Write("etc/adjtime");
        root.Make("run");
        var processes = AuditReading.ReadProcesses(["/etc/adjtime\t12\thwclock -w", "/etc/.pwd.lock (deleted)\t13\tuseradd", "/run/utmp\t14\tinit"]);

        var found = new AuditReading(root.Path, processes, ["/run"]).Read(AuditEntry.ReadAll(["d|755|0|0|8|etc", "f|644|0|0|8|etc/adjtime", "d|755|0|0|8|run"]));

        Assert.That(found.Select(f => f.Path), Is.EqualTo(new[] { "/etc/.pwd.lock", "/etc/adjtime" }));
        Assert.That(found[0].Processes, Is.EqualTo(ImmutableArray.Create("useradd")));
    }

    [Test]
    public void I_am_told_whether_a_directory_changed_or_its_time_alone()
    {
        using var root = new TempDirectory();
        root.Make("etc");
        var reading = new AuditReading(root.Path, ImmutableDictionary<string, ImmutableArray<string>>.Empty, []);

        Assert.That(reading.Read(AuditEntry.ReadAll(["d|755|0|0|0|etc"])).Single().Change, Is.EqualTo(AuditedChange.DirectoryTouched));
        Assert.That(reading.Read(AuditEntry.ReadAll(["d|700|0|0|0|etc"])).Single().Change, Is.EqualTo(AuditedChange.DirectoryChanged));
    }

    [Test]
    public void An_audit_that_could_not_use_the_client_fails_after_what_it_found()
    {
        var write = new AuditedWrite("/etc/x", AuditedChange.FileMade, []);
        var proposal = new FlashProposal([new ProposedLine(new FlashEntry("/etc/x", FlashKind.File, 0b110_100_100, "root", "root", FlashStart.Empty), [write])], []);
        var result = new AuditResult([write], proposal) { NotUsed = ["the log-in over ssh failed with exit code 255: no"] };
        var clean = new AuditResult([], FlashProposal.None);

        Assert.That(() => Require(result), Throws.TypeOf<BuildFailedException>().With.Message.Match("(?s)/etc/x: file made.*log-in over ssh failed"));
        Assert.That(() => Require(clean with { NotUsed = result.NotUsed }), Throws.TypeOf<BuildFailedException>());
        Assert.That(() => Require(clean), Throws.Nothing);

        static void Require(AuditResult result) => result.RequireClean(new FlashApplication(Recipe(), result.Proposal), applied: false);
    }

    [Test]
    public void An_audit_that_does_not_see_what_it_planted_fails_as_blind_and_names_the_stages()
    {
        ImmutableArray<AuditStage> stages = [AuditStage.BeforeUdev, AuditStage.Service, AuditStage.Cron];
        var seen = AuditEntry.ReadAll(["d|755|0|0|8|write-audit", "f|644|0|0|8|write-audit/before-udev", "f|644|0|0|8|write-audit/service", "f|644|0|0|8|write-audit/cron"]);
        var events = AuditReading.ReadProcesses(["/write-audit/before-udev.gone (deleted)\t12\tsh", "/write-audit/service.gone\t13\tsh", "/write-audit/cron.gone\t14\tsh"]);

        var early = AuditStage.Unseen(stages, seen[..2], events);

        Assert.That(AuditStage.Unseen(stages, seen, events), Is.Empty);
        Assert.That(early.Single(), Does.Contain("a service of the default run level, a job of cron").And.Not.Contain("udev"));
        Assert.That(AuditStage.Unseen(stages, seen, AuditReading.ReadProcesses([])).Single(), Does.Contain("deleted again").And.Contain("before udev"));
        Assert.That(() => new AuditResult([], FlashProposal.None) { Unseen = early }.RequireClean(new FlashApplication(Recipe(), FlashProposal.None), applied: false), Throws.TypeOf<BuildFailedException>().With.Message.Contains("blind").And.Message.Contains("a service of the default run level"));
    }

    [Test]
    public void I_am_not_told_of_what_the_audit_planted_itself()
    {
        using var root = new TempDirectory();
        var processes = AuditReading.ReadProcesses(["/write-audit/last.gone (deleted)\t12\tsh"]);

        Assert.That(new AuditReading(root.Path, processes, []).Read(AuditEntry.ReadAll(["d|755|0|0|8|write-audit", "f|644|0|0|8|write-audit/last"])), Is.Empty);
    }

    [Test]
    public void The_menus_load_the_RAM_disk_after_kernel_and_hypervisor()
    {
        const string Menu = "menuentry 'x' {\n  if multiboot2 /xen; then\n    if module2 /kernel; then\n      boot\n    fi\n  fi\n}\n";

        var menu = AuditFiles.WithRamDisk(Menu, IPAddress.Parse("192.0.2.1"));

        Assert.That(menu, Does.Contain("      module2 --nounzip (tftp,192.0.2.1)/audit/initrd\n      boot\n"));
    }

    private static Recipe Recipe() => RecipeReader.Read(Path.Combine(RepositoryRoot.Find(), "recipes", "trixie.yaml"));
}
