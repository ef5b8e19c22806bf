using Dom0Image.Diagnostics;
using Dom0Image.Reporting;
using Dom0Image.Store;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Dom0Image.Tests.Reporting;

internal sealed class BoardSpecs
{
    private TimeSpan _now;

    [SetUp]
    public void StartTheClock() => _now = TimeSpan.Zero;

    [Test]
    public void I_get_plain_lines_with_times_and_not_too_many()
    {
        using var output = new StringWriter();
        var board = new PlainBoard(output, () => _now);
        var stage = board.Start("base layer");
        for (var i = 0; i <= 1000; i++)
        {
            _now = TimeSpan.FromSeconds(i * 0.03);
            stage.Report("unpacking", i / 1000.0);
        }

        stage.Warn("the clock is off");
        board.End(stage, new StageRecord("base layer", _now, StageOutcome.Made, new StageFacts { Bytes = 222_000_000, From = "trixie" }));

        var lines = output.ToString().TrimEnd().Split('\n');
        Assert.That(lines[0], Is.EqualTo("[    0.0 s] base layer: start"));
        Assert.That(lines[1], Is.EqualTo("[    3.0 s] base layer: unpacking (10 %)"));
        Assert.That(lines[^2], Is.EqualTo("[   30.0 s] base layer: WARNING: the clock is off"));
        Assert.That(lines[^1], Is.EqualTo("[   30.0 s] base layer: done in 30.0 s, 222 MB (trixie)"));
        Assert.That(lines, Has.Length.InRange(12, 15));
    }

    [Test]
    public void I_get_a_sign_of_life_every_ten_seconds_from_a_stage_that_cannot_tell_how_far_it_is()
    {
        using var output = new StringWriter();
        var board = new PlainBoard(output, () => _now);
        var stage = board.Start("kernel");
        for (var i = 0; i < 600; i++)
        {
            _now = TimeSpan.FromSeconds(i / 10.0);
            stage.Report($"file {i}");
        }

        Assert.That(output.ToString().Trim().Split('\n'), Has.Length.EqualTo(6));
    }

    [Test]
    public async Task I_can_watch_two_stages_at_once_on_a_terminal()
    {
        using var console = new TestConsole().Interactive().Colors(ColorSystem.Standard).EmitAnsiSequences();
        var report = new RunReport(clock => new TerminalBoard(console, clock));
        var bothRun = new TaskCompletionSource();
        var kernel = report.RunAsync("kernel", async progress =>
        {
            progress.Report("compiling [CC] a.o", 0.5);
            await bothRun.Task;
            return 1;
        });
        await report.RunAsync("base layer", async progress =>
        {
            progress.Report("unpacking", 0.25);
            progress.Note("taken from the cache [all]");
            await Task.Delay(300);
            bothRun.SetResult();
            return 1;
        });
        await kernel;

        Assert.That(console.Output, Does.Contain("compiling [CC] a.o").And.Contain("unpacking").And.Contain("50%").And.Contain("25%"));
        Assert.That(console.Output, Does.Contain("taken from the cache [all]"));
        Assert.That(report.Stages.Select(s => s.Name), Is.EquivalentTo(new[] { "kernel", "base layer" }));

        // The bars are gone: others may be drawn.
        await report.RunAsync("verify", _ => Task.FromResult(1));
        Assert.That(console.Output, Does.Contain("verify"));
    }

    [Test]
    public void I_get_one_line_for_a_stage_that_fails_and_its_error_comes_through()
    {
        using var console = new TestConsole().Interactive().EmitAnsiSequences();
        var report = new RunReport(clock => new TerminalBoard(console, clock));

        Assert.That(
            () => report.RunAsync<int>("kernel", _ => throw new InvalidOperationException("no gcc")),
            Throws.InvalidOperationException.With.Message.EqualTo("no gcc"));
        Assert.That(console.Output, Does.Contain("FAILED after"));
        Assert.That(report.Stages.Single().Outcome, Is.EqualTo(StageOutcome.Failed));
    }

    [Test]
    public async Task I_see_what_was_made_and_what_was_there_already()
    {
        using var console = new TestConsole().Width(100);
        var report = new RunReport(clock => new PlainBoard(TextWriter.Null, clock));
        await report.RunAsync("base layer", _ => Task.FromResult(new StageOutput(new StageKey(new string('a', 64)), "/d", Cached: true)));
        await report.RunAsync("kernel", _ => Task.FromResult(7), n => new StageFacts { From = "linux-source-6.12", Bytes = 9_100_000 });
        report.Skip("boot test", "--boot-test=no");
        report.NextStep = "boot a client";

        RunSummary.Write(console, report, null);

        Assert.That(console.Output, Does.Match(@"base layer +0\.\d s +unchanged"));
        Assert.That(console.Output, Does.Match(@"kernel +linux-source-6\.12 +9\.1 MB +0\.\d s +made"));
        Assert.That(console.Output, Does.Match(@"boot test +--boot-test=no +0\.0 s +skipped"));
        Assert.That(console.Output, Does.Contain("Next: boot a client").And.Not.Contain("Nothing changed"));
    }

    [Test]
    public async Task I_am_told_when_nothing_changed()
    {
        using var console = new TestConsole();
        var report = new RunReport(clock => new PlainBoard(TextWriter.Null, clock));
        await report.RunAsync("base layer", _ => Task.FromResult(1), _ => new StageFacts { Cached = true });

        RunSummary.Write(console, report, null);

        Assert.That(console.Output, Does.Contain("Nothing changed; done in"));
    }

    [TestCase(0, "0 B")]
    [TestCase(999, "999 B")]
    [TestCase(1000, "1.0 kB")]
    [TestCase(999_960, "1.0 MB")]
    [TestCase(222_400_000, "222 MB")]
    [TestCase(2_540_000_000, "2.5 GB")]
    public void I_can_read_sizes(long bytes, string text) => Assert.That(HumanText.Size(bytes), Is.EqualTo(text));

    [TestCase(0.04, "0.0 s")]
    [TestCase(99.94, "99.9 s")]
    [TestCase(324, "5 m 24 s")]
    public void I_can_read_times(double seconds, string text) => Assert.That(HumanText.Duration(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));
}
