using System.Collections.Immutable;
using System.Net;
using System.Xml.Linq;
using Dom0Image.BootLab;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Steps;
using Dom0Image.BootTesting;
using Dom0Image.BootTesting.Checks;
using Dom0Image.BootTesting.Report;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BootTesting;

internal sealed class BootReportSpecs
{
    private static readonly ImmutableSortedDictionary<string, string> Keys = ImmutableSortedDictionary<string, string>.Empty.Add("bios-xen", "key");

    private static readonly BootScenario Scenario = new("bios-xen", new ClientHardware(Firmware.Bios, NetworkCard.E1000), Xen: true);

    [Test]
    public void I_can_read_a_report_that_was_kept_as_data_as_a_table_and_as_a_picture()
    {
        using var directory = new TempDirectory();
        var report = BootReport.Of(Result(Client("post01", null), Client("post<02>", Failure())));

        BootReportFiles.Write(directory.Path, report);

        var read = BootReport.Find(directory.Path)!;
        Assert.That(read.ToJson(), Is.EqualTo(report.ToJson()));
        Assert.That(read.Boots[0].Seconds[BootStep.Login], Is.EqualTo(50.5));
        Assert.That(read.Boots[0].NfsRequestsAtChecks, Is.EqualTo(7000));
        Assert.That(File.ReadAllText(directory["report.txt"]), Does.Contain("FAILED").And.Contain("after step Kernel, before RootMounted").And.Contain("  the last line"));
        Assert.That(XDocument.Load(directory["timeline.svg"]).ToString(), Does.Contain("failed"));
    }

    [Test]
    public void A_client_that_proved_all_but_one_thing_did_not_pass()
    {
        var client = Client("post01", null);

        Assert.That(Result(client).Passed, Is.True);
        Assert.That(Result(client with { Checks = [.. client.Checks, new CheckResult("root-read-only", false, "rw")] }).Problems.Single().Title, Is.EqualTo("root-read-only: rw (bios-xen: post01)"));
    }

    [Test]
    public void I_am_told_each_cause_once_with_the_clients_that_saw_it_and_what_to_do()
    {
        ClientOutcome Told(string name, int pid) => Client(name, null) with
        {
            Checks = ServiceChecks.Settle(
            [
                new CheckResult("console-without-read-only", false, "mkdir: cannot create directory '/var/lib/mysql': Read-only file system"),
                new CheckResult("logs-without-read-only", false, $"Nov 27 10:00:0{pid % 10} {name} user.err mkdir[{pid}]: cannot create directory '/var/lib/x': Read-only file system"),
                new CheckResult("logs-without-read-only", false, $"Nov 27 10:00:0{pid % 10} {name} touch: /etc/seen by {name}: Read-only file system"),
                new CheckResult("logs-without-read-only", false, $"[   {pid}.5] touch: /etc/seen by {name}: Read-only file system"),
                ServiceChecks.Failed(new FailedService("mariadb", ["Starting MariaDB database server: mariadbd", "mkdir: cannot create directory '/var/lib/mysql': Read-only file system", "failed!"])),
                ServiceChecks.Failed(new FailedService("mariadb", [$"Nov 27 10:00:01 {name} mkdir[{pid}]: cannot create directory '/var/lib/x': Read-only file system"])),
                ServiceChecks.Failed(new FailedService("smartmontools", ["Starting S.M.A.R.T. daemon: smartd failed!"])),
                ServiceChecks.Failed(new FailedService("snmpd", ["Starting SNMP services: snmpd failed!"])),
            ], [new MayFail("smartmontools", "no disk here"), new MayFail("nslcd", "no directory here")]),
        };
        ClientOutcome[] clients = [Told("post01", 311), Told("post02", 322), Told("post03", 333)];

        var result = Result(clients) with { MayFail = [new MayFail("smartmontools", "no disk here"), new MayFail("nslcd", "no directory here")] };
        var report = BootReport.Of(result);

        Assert.That(result.Problems.Select(p => p.Title), Is.EquivalentTo(new[]
        {
            "logs-without-read-only: Nov 27 10:00:01 post01 touch: /etc/seen by post01: Read-only file system (bios-xen: post01, post02, post03)",
            "service 'mariadb' failed (bios-xen: post01, post02, post03)",
            "service 'snmpd' failed (bios-xen: post01, post02, post03)",
        }));
        Assert.That(result.Problems.Select(p => p.NextStep), Is.EquivalentTo(new[]
        {
            "Something is written that is not in the flash list; --target=WriteAudit lists all such paths, with the lines for the recipe.",
            "Something is written that is not in the flash list; --target=WriteAudit lists all such paths, with the lines for the recipe.",
            "If it cannot work on these clients, the recipe may say so, with the reason: may-fail: { snmpd: \"...\" }.",
        }));
        Assert.That(result.Problems.Single(p => p.What.Contains("mariadb")).Lines, Has.Length.EqualTo(4).And.Some.Contain("/var/lib/x"));
        Assert.That(BootTable.Render(report), Does.Contain("  Starting SNMP services: snmpd failed!\n"));
        Assert.That(BootTable.Times(report), Does.Contain("service 'smartmontools' may fail (no disk here): it did on 3 of 3 clients")
            .And.Contain("service 'nslcd' may fail (no directory here): it did on 0 of 3 clients"));
        Assert.That(Result([.. clients.Select(c => c with { Checks = [.. c.Checks.Where(check => check.Name == "service smartmontools")] })]).Passed, Is.True, "it may fail");
    }

    // As MariaDB, CUPS, nginx and mysqld_safe write them.
    [TestCase("Nov 28 07:15:1{0} post0{0} daemon.err mysqld: 2026-11-28  7:15:1{0} 0 [Warning] Can't create test file '/var/lib/mysql/post0{0}.lower-test' (Errcode: 30 \"Read-only file system\")")]
    [TestCase("E [28/Nov/2026:07:14:2{0} +0000] Unable to change ownership of \"/etc/cups/ppd\" - Read-only file system")]
    [TestCase("2026/11/28 07:15:1{0} [emerg] mkdir() \"/var/lib/nginx/body\" failed (30: Read-only file system)")]
    [TestCase("26112{0} 07:22:18 mysqld_safe cannot write: Read-only file system")]
    public void I_am_told_once_what_a_server_wrote_with_its_own_time_on_each_client(string line)
    {
        ClientOutcome[] clients = [.. new[] { 1, 2 }.Select(i => Client($"post0{i}", null) with
        {
            Checks = [new CheckResult("logs-without-read-only", false, line.Replace("{0}", $"{i}", StringComparison.Ordinal))],
        })];

        Assert.That(Result(clients).Problems.Single().Clients.Single().Hosts, Is.EqualTo(new[] { "post01", "post02" }));
    }

    [Test]
    public void A_quick_test_says_what_it_did_not_boot_and_a_full_one_boots_only_that()
    {
        using var directory = new TempDirectory();
        ImmutableSortedDictionary<string, string> keys = new Dictionary<string, string> { ["bios-xen"] = "key", ["uefi-xen"] = "other", ["bios-plain"] = "third" }.ToImmutableSortedDictionary();
        var quick = BootReport.Of(Result(Client("post01", null)) with { Keys = keys });
        BootReportFiles.Write(directory.Path, quick);

        var proved = BootReport.Find(directory.Path)!.Proving(keys)!;
        var full = BootReport.Of(Result(Client("post02", null)) with
        {
            Keys = keys,
            Proved = proved,
            Scenarios = [.. new[] { "uefi-xen", "bios-plain" }.Select(name => new ScenarioOutcome(Scenario with { Name = name }, [Client("post02", null)], 1.5))],
        });

        Assert.That(File.ReadAllText(directory["report.txt"]), Does.StartWith("Quick boot test of trixie-0123456789ab: passed; not booted: bios-plain, uefi-xen\n"));
        Assert.That(proved.Keys.Keys, Is.EqualTo(new[] { "bios-xen" }));
        Assert.That(full.NotBooted, Is.Empty);
        Assert.That(full.Boots.Select(b => b.Scenario), Is.EqualTo(new[] { "bios-xen", "uefi-xen", "bios-plain" }));
        Assert.That(BootTable.Render(full), Does.StartWith("Boot test of trixie-0123456789ab: passed\n"));
        Assert.That(full.Proving(keys)!.NotBooted, Is.Empty);
        Assert.That(full.Proving(keys.SetItem("uefi-xen", "changed"))!.NotBooted, Is.EqualTo(new[] { "uefi-xen" }), "a changed site boots what it changes");
        Assert.That(full.Proving(ImmutableSortedDictionary<string, string>.Empty.Add("bios-xen", "of another generation")), Is.Null);
    }

    [Test]
    public void What_failed_is_booted_again_and_what_passed_is_not()
    {
        ImmutableSortedDictionary<string, string> keys = new Dictionary<string, string> { ["bios-xen"] = "key", ["uefi-xen"] = "other" }.ToImmutableSortedDictionary();
        var failed = BootReport.Of(Result(Client("post01", Failure())) with
        {
            Keys = keys,
            Scenarios = [new ScenarioOutcome(Scenario, [Client("post01", Failure())], 0), new ScenarioOutcome(Scenario with { Name = "uefi-xen" }, [Client("post01", null)], 0)],
        });

        Assert.That(failed.Passed, Is.False);
        Assert.That(failed.Proving(keys)!.Boots.Select(b => b.Scenario), Is.EqualTo(new[] { "uefi-xen" }));
        Assert.That(failed.Proving(keys)!.NotBooted, Is.EqualTo(new[] { "bios-xen" }));
    }

    [Test]
    public void A_report_that_is_cut_off_counts_as_none()
    {
        using var directory = new TempDirectory();
        directory.Write(BootReport.FileName, "{ \"generation\": \"tr");

        Assert.That(BootReport.Find(directory.Path), Is.Null);
    }

    [Test]
    public void A_report_of_an_older_version_counts_as_none()
    {
        using var directory = new TempDirectory();
        BootReportFiles.Write(directory.Path, BootReport.Of(Result(Client("post01", null))));
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(directory[BootReport.FileName]))!.AsObject();
        json.Remove("keys");
        json["key"] = "0123";
        directory.Write(BootReport.FileName, json.ToJsonString());

        Assert.That(BootReport.Find(directory.Path), Is.Null, "its generation is booted again");
    }

    [Test]
    public void I_get_the_bytes_of_each_client_from_the_packet_filters_own_listing()
    {
        const string Listing = """
            {"nftables":[{"metainfo":{}},{"set":{"family":"inet","name":"tftp_to","elem":[{"elem":{"val":"192.168.0.101","counter":{"packets":2,"bytes":100}}}]}},
            {"set":{"family":"inet","name":"nfs_from","elem":[{"elem":{"val":"192.168.0.101","counter":{"packets":2,"bytes":7}}},{"elem":{"val":"192.168.0.102","counter":{"packets":2,"bytes":9}}}]}},
            {"set":{"family":"inet","name":"nfs_to"}}]}
            """;

        var counts = TrafficCount.Read(System.Text.Json.JsonDocument.Parse(Listing));

        Assert.That(counts[IPAddress.Parse("192.168.0.101")], Is.EqualTo(new TrafficCount(100, 0, 0, 7)));
        Assert.That(counts[IPAddress.Parse("192.168.0.102")], Is.EqualTo(new TrafficCount(0, 0, 0, 9)));
    }

    private static BootTestResult Result(params ClientOutcome[] clients)
        => new("trixie-0123456789ab", Keys, Acceleration.Tcg, [new ScenarioOutcome(Scenario, [.. clients], 1.5)]);

    private static ClientOutcome Client(string name, BootFailure? failure) => new(
        name,
        IPAddress.Parse("192.168.0.101"),
        new BootCourse(
            failure is null
                ? ImmutableSortedDictionary<BootStep, TimeSpan>.Empty.Add(BootStep.Firmware, TimeSpan.FromSeconds(1)).Add(BootStep.Login, TimeSpan.FromSeconds(50.5))
                : ImmutableSortedDictionary<BootStep, TimeSpan>.Empty.Add(BootStep.Kernel, TimeSpan.FromSeconds(10)),
            failure),
        [new CheckResult("root-over-nfs", true, "")],
        ImmutableDictionary<string, string>.Empty.Add("nfs-requests-before-checks", "7000"),
        TrafficCount.None,
        []);

    private static BootFailure Failure() => new(BootStep.Kernel, BootStep.RootMounted, "Kernel panic", ["the last line"], "look there");
}
