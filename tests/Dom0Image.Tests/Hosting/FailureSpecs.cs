using System.Globalization;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Hosting;

/// <summary>The real program with a tool that fails or never ends: a script in the place of the compiler.</summary>
internal sealed class FailureSpecs
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("failure-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task I_get_the_stage_the_command_its_last_lines_and_the_log_when_a_tool_fails()
    {
        using var command = StartWithTool("for i in $(seq 50); do echo line $i; done; exit 3");
        var (exitCode, output, errors) = await command.End();

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("/dotnet build ").And.Contain("failed with exit code 3").And.Contain("line 50\n"));
        Assert.That(errors, Does.Not.Contain("line 25\n").And.Not.Contain("   at "));
        Assert.That(errors, Does.Contain("Failed stage: tests, compile"));
        var log = Directory.GetFiles(_directory, "tools.log", SearchOption.AllDirectories).Single();
        Assert.That(errors, Does.Contain($"Full log: {log}"));
        Assert.That(File.ReadAllText(log), Does.Contain("line 1\n"));
        Assert.That(output, Does.EndWith("\n0 passed, 0 failed\n"));
    }

    [TestCase(Signum.SIGINT, 130, "Ctrl-C")]
    [TestCase(Signum.SIGTERM, 143, "SIGTERM")]
    [TestCase(Signum.SIGHUP, 129, "the end of its terminal (SIGHUP)")]
    public async Task I_can_interrupt_it_and_nothing_goes_on(Signum signal, int expected, string name)
    {
        var pidFile = Path.Combine(_directory, "pid");
        using var command = StartWithTool($"echo $$ > {pidFile}.new; mv {pidFile}.new {pidFile}; exec sleep 600");
        Assert.That(() => File.Exists(pidFile), Is.True.After(300_000, 20), "the tool was started");

        // Twice: terminals and service managers often do.
        Assert.That(Syscall.kill(command.Id, signal), Is.Zero);
        Syscall.kill(command.Id, signal);
        var (exitCode, output, errors) = await command.End();

        Assert.That(exitCode, Is.EqualTo(expected));
        Assert.That(errors, Does.Contain($"Error: interrupted by {name}. What is published stays as it was").And.Contain("Interrupted stage: tests, compile, after "));
        Assert.That(errors, Does.Not.Contain("   at ").And.Not.Contain("ancel"));
        Assert.That(output, Does.Contain("tests, compile: interrupted after"));
        var tool = int.Parse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture);
        Assert.That(Directory.Exists($"/proc/{tool}") && !File.ReadAllText($"/proc/{tool}/stat").Contains(") Z "), Is.False, "the tool still runs");
    }

    [Test]
    public async Task I_am_told_of_the_interruption_also_when_the_tool_got_the_signal_first()
    {
        using var command = StartWithTool("kill -INT $PPID; kill -INT $$");
        var (exitCode, _, errors) = await command.End();

        Assert.That(exitCode, Is.EqualTo(130));
        Assert.That(errors, Does.Contain("interrupted by Ctrl-C").And.Not.Contain("failed with exit code"));
    }

    [Test]
    public async Task I_get_a_clear_error_when_the_store_cannot_be_written()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");
        var (exitCode, _, errors) = await TheCommand.Run("--target=Test", "--exclusive", $"--store={file}/store");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain($"cannot write logs to {file}/store/logs").And.Contain("--store=DIR").And.Not.Contain("   at "));
    }

    private TheCommand StartWithTool(string script)
    {
        var tools = Directory.CreateDirectory(Path.Combine(_directory, "tools")).FullName;
        var tool = Path.Combine(tools, "dotnet");
        File.WriteAllText(tool, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return TheCommand.Start(tools, ["--target=Test", "--exclusive", $"--store={_directory}/store"]);
    }
}
