using Dom0Image.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Processes;

internal sealed class ToolRunnerSpecs
{
    private const string Misleading = "the headers may contradict each other";

    private static IEnumerable<TestCaseData> NotThere()
    {
        yield return new TestCaseData(new ToolCommand("no-such-tool"), "cannot start 'no-such-tool': it is not there").SetArgDisplayNames("by name");
        yield return new TestCaseData(new ToolCommand("/no/such-tool"), "cannot start '/no/such-tool': setpriv: failed to execute /no/such-tool").SetArgDisplayNames("by path");
        yield return new TestCaseData(new ToolCommand("/no/such-tool") { Isolation = Isolation.Processes }, "cannot start '/no/such-tool': setsid: failed to execute /no/such-tool").SetArgDisplayNames("isolated");
        yield return new TestCaseData(new ToolCommand("/etc/passwd"), "cannot start '/etc/passwd': setpriv: failed to execute /etc/passwd: Permission denied").SetArgDisplayNames("no program");
        yield return new TestCaseData(new ToolCommand("chroot", "/", "/no/such-tool"), "cannot start 'chroot': chroot: failed to run command").SetArgDisplayNames("in a chroot");
        yield return new TestCaseData(new ToolCommand("xargs", "--null", "no-such-tool") { StandardInput = "a\0" }, "cannot start 'xargs': xargs: no-such-tool: No such file").SetArgDisplayNames("by xargs");
    }

    [TestCaseSource(nameof(NotThere))]
    public void I_am_told_that_a_tool_could_not_be_started_and_not_what_its_failure_would_mean(ToolCommand command, string expected)
    {
        var problem = Assert.CatchAsync<BuildFailedException>(() => new ToolRunner().RunAsync(command with { Hint = Misleading }))!;

        Assert.That(problem, Is.Not.TypeOf<ToolFailedException>());
        Assert.That(problem.Message, Does.StartWith(expected).And.Contain("Is the package that holds it installed?").And.Not.Contain(Misleading));
    }

    [Test]
    public void I_am_told_what_a_tool_said_that_was_started_and_found_something_missing()
    {
        var problem = Assert.ThrowsAsync<ToolFailedException>(() => new ToolRunner().RunAsync(new ToolCommand("sh", "-c", "cat /no/such-file; exit 127") { Hint = Misleading }))!;

        Assert.That(problem.Message, Does.Contain("cat: /no/such-file").And.Contain(Misleading));
    }

    [Test]
    public async Task Tools_and_what_they_start_find_Debians_tools_whatever_my_PATH_is()
    {
        var result = await new ToolRunner().RunAsync(new ToolCommand("sh", "-c", "command -v chroot; echo $PATH"));

        Assert.That(result.Lines[0], Is.EqualTo("/usr/sbin/chroot"));
        Assert.That(result.Lines[1], Does.StartWith("/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"));
    }
}
