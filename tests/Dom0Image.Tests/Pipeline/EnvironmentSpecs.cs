using Dom0Image.Generations;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The whole command where nobody sits before it: below cron, a unit of systemd's, nothing at all, and with nobody to read what it says.</summary>
[Category("Slow")]
internal sealed class EnvironmentSpecs
{
    private static readonly string[] Cron = ["env", "--ignore-environment", "HOME=/root", "LOGNAME=root", "SHELL=/bin/sh", "PATH=/usr/bin:/bin"];

    private static readonly string[] Unit =
        ["env", "--ignore-environment", "LANG=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "INVOCATION_ID=0123456789abcdef0123456789abcdef", "JOURNAL_STREAM=8:1"];

    private SmallProject _project = null!;

    private static IEnumerable<TestCaseData> Environments()
    {
        yield return new TestCaseData((object)Cron).SetArgDisplayNames("cron");
        yield return new TestCaseData((object)Unit).SetArgDisplayNames("a unit");
        yield return new TestCaseData((object)new[] { "env", "--ignore-environment" }).SetArgDisplayNames("nothing");
        yield return new TestCaseData((object)Shell("exec \"$@\" >&-")).SetArgDisplayNames("output closed");
        yield return new TestCaseData((object)Shell("exec \"$@\" <&- >&- 2>&-")).SetArgDisplayNames("all closed");
        yield return new TestCaseData((object)Shell("exec \"$@\" >/dev/full 2>/dev/full")).SetArgDisplayNames("disk of outputs full");
    }

    [OneTimeSetUp]
    public async Task MakeProject() => _project = await SmallProject.MakeAsync();

    [OneTimeTearDown]
    public void Delete() => _project?.Dispose();

    [TestCaseSource(nameof(Environments))]
    public async Task I_can_build_and_publish_in_any_environment(string[] under)
    {
        var places = new Places(Path.Combine(_project.Path, $"prefix-{Guid.NewGuid():N}"));

        var (exitCode, output, errors) = await _project.RunUnderAsync(under, places.Prefix, _project.Store.Root);

        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(CurrentState.Read(places).Root, Is.Not.Null);
        Assert.That(GenerationCheck.Verify(places, CurrentState.Read(places).Root!), Is.Empty);
    }

    [Test]
    public async Task I_still_get_a_failures_exit_code_when_nobody_can_read_it()
    {
        foreach (var outputs in new[] { ">&- 2>&-", ">/dev/full 2>/dev/full" })
        {
            var (exitCode, _, _) = await _project.RunUnderAsync(Shell($"exec \"$@\" {outputs}"), _project.Places.Prefix, _project.Store.Root, "--site=none");

            Assert.That(exitCode, Is.EqualTo(255), outputs);
        }
    }

    private static string[] Shell(string script) => ["sh", "-c", script, "sh"];
}
