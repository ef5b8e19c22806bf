using System.Globalization;
using System.Net;
using Dom0Image.ClientLoads;
using Dom0Image.Generations;

namespace Dom0Image.Tests.ClientLoads;

/// <summary>What the TFTP server's logs tell of who loaded which generation.</summary>
internal sealed class TftpLogSpecs
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [TestCase("2026-01-02T11:59:58.123456+00:00 server in.tftpd[12]: RRQ from 192.0.2.11 filename /generations/trixie-1/kernels/kernel-6.12-xen", "192.0.2.11 trixie-1 2026-01-02")]
    [TestCase("Jan  2 11:59:58 server in.tftpd[12]: RRQ from ::ffff:192.0.2.11 filename generations/trixie-1/hypervisors/xen-4.20.gz", "192.0.2.11 trixie-1 2026-01-02")]
    [TestCase("Dec 31 23:59:58 server in.tftpd[12]: RRQ from 192.0.2.11 filename /generations/trixie-1/microcode.cpio", "192.0.2.11 trixie-1 2025-12-31")]
    [TestCase("2026-01-02T11:59:58+00:00 server in.tftpd[12]: RRQ from 192.0.2.11 filename grub/post01.conf", null)]
    [TestCase("2026-01-02T11:59:58+00:00 server in.tftpd[12]: RRQ from 192.0.2.11 filename /generations/../kernels/x", null)]
    [TestCase("2026-01-02T11:59:58+00:00 server in.tftpd[12]: tftp: client does not accept options", null)]
    [TestCase("2026-01-02T11:59:58+00:00 server someone[12]: in.tftpd[12]: RRQ from 192.0.2.11 filename /generations/trixie-1/kernels/k", null)]
    [TestCase("", null)]
    public void I_see_who_loaded_what_in_a_line_of_syslog(string line, string? expected)
    {
        var load = LogLine.OfSyslog(line, Now);

        Assert.That(load is null ? null : $"{load.Client} {load.Generation} {load.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", Is.EqualTo(expected));
    }

    [Test]
    public void A_file_is_read_on_where_it_was_left_also_when_it_was_rotated_and_never_half_a_line()
    {
        using var temp = new TempDirectory();
        var log = new SyslogFile("/var/log/syslog");
        temp.Write("var/log/syslog", Line("a") + Line("b")[..30]);

        var first = log.Read(null, new Places(temp.Path))!;
        File.AppendAllText(temp["var/log/syslog"], Line("b")[30..]);
        var second = log.Read(first.Position, new Places(temp.Path))!;
        File.AppendAllText(temp["var/log/syslog"], Line("c"));
        File.Move(temp["var/log/syslog"], temp["var/log/syslog.1"]);
        temp.Write("var/log/syslog", Line("d"));
        var third = log.Read(second.Position, new Places(temp.Path))!;
        var fourth = log.Read(third.Position, new Places(temp.Path))!;

        Assert.That(new[] { first, second, third, fourth }.Select(Generations), Is.EqualTo(new[] { "a", "b", "c d", "" }));
        Assert.That(new[] { first, second, third, fourth }.Select(reading => reading.Gap), Is.All.False);

        File.Delete(temp["var/log/syslog.1"]);
        File.Move(temp["var/log/syslog"], temp["var/log/syslog.2"]);
        temp.Write("var/log/syslog", Line("e"));
        var gap = log.Read(fourth.Position, new Places(temp.Path))!;
        Assert.That((Generations(gap), gap.Gap), Is.EqualTo(("e", true)));
        Assert.That(new SyslogFile("/var/log/none").Read(null, new Places(temp.Path)), Is.Null);
    }

    [Test]
    public void A_journal_that_lost_its_last_line_has_a_gap()
    {
        static string Entry(int number, string message) => $$"""{"__CURSOR":"s={{number}}","__REALTIME_TIMESTAMP":"1767355198123456","MESSAGE":{{message}}}""" + "\n";
        var lines = Entry(1, "\"RRQ from 192.0.2.11 filename /generations/a/kernels/k\"") + Entry(2, "[104,105]") + Entry(3, "\"RRQ from 192.0.2.12 filename /generations/b/kernels/k\"");
        var journal = new JournalLog();

        var first = journal.Read(lines, null);
        var next = journal.Read(lines[lines.IndexOf("{\"__CURSOR\":\"s=2", StringComparison.Ordinal)..], "s=2");
        var lost = journal.Read(lines, "s=0");

        Assert.That((Generations(first), first.Position, first.Gap), Is.EqualTo(("a b", "s=3", false)));
        Assert.That((Generations(next), next.Position, next.Gap), Is.EqualTo(("b", "s=3", false)));
        Assert.That(lost.Gap);
        Assert.That(journal.Read("", "s=3").Gap, "nothing of it is left");
        Assert.That(first.Loads[0].At.UtcDateTime, Is.EqualTo(new DateTime(2026, 1, 2, 11, 59, 58, 123, 456, DateTimeKind.Utc)));
    }

    [Test]
    public void What_was_asked_for_and_is_not_there_was_not_loaded()
    {
        var loads = new TftpLogReading("log", "1", Gap: false, [new(IPAddress.Loopback, "there", Now), new(IPAddress.Loopback, "nowhere", Now.AddMinutes(1))]);

        var record = new ClientRecord().With(loads, id => id == "there");

        Assert.That(record.Clients["127.0.0.1"].Generation, Is.EqualTo("there"));
        Assert.That(record.Covers(Now, Now));
        Assert.That(record.Covers(Now.AddMinutes(-1), Now), Is.False);
        Assert.That(record.Covers(Now, Now.AddMinutes(1)), Is.False, "nothing shows that loads were logged until then");
    }

    private static string Generations(TftpLogReading reading) => string.Join(' ', reading.Loads.Select(load => load.Generation));

    private static string Line(string generation) => $"2026-01-02T11:59:58.123456+00:00 server in.tftpd[12]: RRQ from 192.0.2.11 filename /generations/{generation}/kernels/kernel\n";
}
