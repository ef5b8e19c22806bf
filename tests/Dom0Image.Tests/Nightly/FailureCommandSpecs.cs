using System.Diagnostics;
using Dom0Image.Nightly;

namespace Dom0Image.Tests.Nightly;

/// <summary>The site's own command, real programs.</summary>
internal sealed class FailureCommandSpecs
{
    private static readonly NightResult Result = new(NightOutcome.Failed, 1, "trixie", "example", DateTimeOffset.UnixEpoch, 1) { Problems = ["the mirror $(is) away"] };

    [Test]
    public async Task It_is_given_the_result_and_its_arguments_as_they_are()
    {
        using var temp = new TempDirectory();
        var program = Script(temp, $"cat >{temp["in"]}; printf '%s|' \"$@\" \"$DOM0IMAGE_NIGHTLY_RESULT\" >{temp["words"]}");

        var problem = await new FailureCommand([program, "a b", "$(reboot)", "a b"], TimeSpan.FromMinutes(1)).RunAsync(Result, "/there/result.json");

        Assert.That(problem, Is.Null);
        Assert.That(File.ReadAllText(temp["in"]), Is.EqualTo(Result.Json()));
        Assert.That(File.ReadAllText(temp["words"]), Is.EqualTo("a b|$(reboot)|a b|/there/result.json|"));
    }

    [Test]
    public async Task One_that_fails_or_is_not_there_is_told()
    {
        using var temp = new TempDirectory();

        Assert.That(await Run(Script(temp, "echo no mail server >&2; exit 7")), Does.StartWith("the site's on-failure command failed").And.Contain("no mail server"));
        Assert.That(await Run("/nowhere/tell-me"), Does.Contain("cannot start '/nowhere/tell-me'"));

        static Task<string?> Run(string program) => new FailureCommand([program], TimeSpan.FromMinutes(1)).RunAsync(Result, null);
    }

    [Test]
    public async Task One_that_hangs_is_killed_with_what_it_started()
    {
        using var temp = new TempDirectory();
        var program = Script(temp, $"sleep 1000 & echo $! >{temp["pid"]}; wait");
        var watch = Stopwatch.StartNew();

        var problem = await new FailureCommand([program], TimeSpan.FromSeconds(1)).RunAsync(Result, null);

        Assert.That(problem, Does.Contain("did not end within 1 s and was killed"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
        Assert.That(() => IsRunning(File.ReadAllText(temp["pid"]).Trim()), Is.False.After(5000, 50));
    }

    private static bool IsRunning(string process)
        => File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static string Script(TempDirectory temp, string line)
    {
        var path = temp.Write("tell-me", $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
