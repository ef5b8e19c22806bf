using System.Text.Json;
using Dom0Image.Generations;
using Dom0Image.Tests.Hosting;
using Dom0Image.Tests.Pipeline;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Nightly;

/// <summary>Nights by the whole command.</summary>
[Category("Slow")]
[NonParallelizable]
internal sealed class NightlyCommandSpecs : OnSmallProject
{
    private string Latest => Project.Places.OnDisk(Places.State + "/nightly/latest");

    private string Site => Path.Combine(Project.Path, "recipes/sites/small.yaml");

    [SetUp]
    public void TellMe()
    {
        var program = Path.Combine(Project.Path, "tell-me");
        File.WriteAllText(program, $"#!/bin/sh\ncat >{Project.Path}/told\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(Told);
        Say("");
    }

    private string Told => Path.Combine(Project.Path, "told");

    [Test]
    public async Task It_leaves_ready_what_it_made_and_says_the_command_that_publishes()
    {
        var old = Change();

        var (exitCode, output, errors) = await NightAsync();

        Assert.That(exitCode, Is.EqualTo(3), output + errors);
        Assert.That(Project.Booted(), Is.EqualTo(old));
        var result = Result();
        var made = result.GetProperty("generation").GetString()!;
        Assert.Multiple(() =>
        {
            Assert.That(result.GetProperty("outcome").GetString(), Is.EqualTo("Ready"));
            Assert.That(result.GetProperty("booted").GetString(), Is.EqualTo(old));
            Assert.That(result.GetProperty("differs").GetBoolean());
            Assert.That(File.ReadAllText($"{Latest}/difference.txt"), Does.Contain("/etc/motd"));
            Assert.That(File.ReadAllText($"{Latest}/difference.html"), Does.Contain("/etc/motd"));
            Assert.That(File.Exists(Told), Is.False);
        });

        var next = result.GetProperty("next")[0].GetString()!;
        Assert.That(output, Does.Contain(next[..30]));
        (exitCode, output, errors) = await TheCommandIn(next);
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Project.Booted(), Is.EqualTo(made));
        Assert.That(PublicationHold.Find(Project.Places), Is.Null, "it was published, and not held");

        (exitCode, output, errors) = await NightAsync();
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Result().GetProperty("outcome").GetString(), Is.EqualTo("NothingNew"));
    }

    [Test]
    public async Task It_publishes_where_the_site_says_so_and_waits_after_a_rollback()
    {
        Say("publish: auto\n");
        var old = Change();

        var (exitCode, output, errors) = await NightAsync();
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Result().GetProperty("outcome").GetString(), Is.EqualTo("Published"));
        Assert.That(Project.Booted(), Is.EqualTo(Result().GetProperty("generation").GetString()).And.Not.EqualTo(old));
        Project.AssertWhole(Project.Booted(), "after a night");

        var rollback = await RunAsync("--target=Rollback");
        Assert.That(rollback.ExitCode, Is.Zero, rollback.Errors);
        (exitCode, output, errors) = await NightAsync();
        Assert.That(exitCode, Is.EqualTo(3), output + errors);
        Assert.That(Result().GetProperty("outcome").GetString(), Is.EqualTo("Held"));
        Assert.That(Result().GetProperty("hold").GetProperty("generation").GetString(), Is.EqualTo(old));
        Assert.That(Project.Booted(), Is.EqualTo(old));

        var resumed = await RunAsync("--target=Publish", "--resume");
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Errors);
    }

    [Test]
    public async Task A_night_that_fails_serves_what_was_served_and_tells_the_sites_program()
    {
        var old = Project.Booted();

        var (exitCode, output, errors) = await WrongNightAsync();

        Assert.That(exitCode, Is.EqualTo(1), output + errors);
        Assert.That(File.ReadAllText(Told), Is.EqualTo(File.ReadAllText($"{Latest}/result.json")));
        Assert.That(Result().GetProperty("outcome").GetString(), Is.EqualTo("Failed"));
        Assert.That(Result().GetProperty("problems")[0].GetString(), Does.Contain("small.yaml:1:").And.Contain("trixy"));
        Assert.That(Result().GetProperty("booted").GetString(), Is.EqualTo(old));
        Assert.That(Project.Booted(), Is.EqualTo(old));
    }

    [Test]
    public async Task A_program_of_the_sites_that_fails_changes_nothing()
    {
        File.WriteAllText(Path.Combine(Project.Path, "tell-me"), "#!/bin/sh\necho no mail server >&2; exit 9\n");

        var (exitCode, output, _) = await WrongNightAsync();

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("on-failure command failed").And.Contain("no mail server"));
        Assert.That(Result().GetProperty("outcome").GetString(), Is.EqualTo("Failed"));
    }

    [Test]
    public async Task A_full_disk_is_told_and_serves_what_was_served()
    {
        var old = Change();
        using var temp = new TempDirectory();

        var (exitCode, output, errors) = await Project.RunOnSmallStoreAsync(temp.Make("store"), "300k", "Nightly");

        Assert.That(exitCode, Is.EqualTo(1), output + errors);
        Assert.That(Result().GetProperty("problems").ToString(), Does.Contain("space left").IgnoreCase);
        Assert.That(File.ReadAllText(Told), Is.EqualTo(File.ReadAllText($"{Latest}/result.json")));
        Assert.That(Project.Booted(), Is.EqualTo(old));
    }

    [Test]
    public async Task One_that_is_ended_by_a_signal_says_so_and_raises_no_alarm()
    {
        var old = Change();
        using var night = Project.Start("--target=Nightly");
        await night.SeeAsync("] kernel small: start");
        Syscall.kill(night.Id, Signum.SIGTERM);

        var (exitCode, output, errors) = await night.End();

        Assert.That(exitCode, Is.EqualTo(143), output + errors);
        Assert.That(Result().GetProperty("outcome").GetString(), Is.EqualTo("Interrupted"));
        Assert.That(File.Exists(Told), Is.False);
        Assert.That(Project.Booted(), Is.EqualTo(old));
    }

    [Test]
    public async Task What_fails_before_any_stage_is_told_too()
    {
        var (exitCode, output, errors) = await RunAsync("--target=Nightly", "--boot-test=yes", "--clients=99");

        Assert.That(exitCode, Is.EqualTo(1), output + errors);
        Assert.That(Result().GetProperty("stages").GetArrayLength(), Is.Zero);
        Assert.That(Result().GetProperty("problems")[0].GetString(), Does.Contain("error output"));
        Assert.That(File.Exists(Told));
    }

    [Test]
    public async Task A_timer_that_would_go_back_each_night_is_refused()
    {
        var (exitCode, _, errors) = await RunAsync("--target=Nightly", "--resume");

        Assert.That(exitCode, Is.EqualTo(255));
        Assert.That(errors, Does.Contain("--target=Publish takes them"));
    }

    [Test]
    public async Task Looking_is_no_night()
    {
        var before = Directory.Exists(Latest) ? Directory.ResolveLinkTarget(Latest, true)!.FullName : null;

        var (exitCode, output, errors) = await RunAsync("--target=Nightly", "--dryrun");

        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Directory.Exists(Latest) ? Directory.ResolveLinkTarget(Latest, true)!.FullName : null, Is.EqualTo(before));
    }

    private void Say(string publish)
        => File.WriteAllText(Site, File.ReadAllText(Path.Combine(Dom0Image.Tests.CommandLine.Checkout.Root, "recipes/sites/example.yaml")) + $"\n{publish}on-failure: [{Project.Path}/tell-me]\n");

    private JsonElement Result() => JsonDocument.Parse(File.ReadAllText($"{Latest}/result.json")).RootElement;

    private Task<(int ExitCode, string Output, string Errors)> NightAsync() => RunAsync("--target=Nightly");

    private async Task<(int ExitCode, string Output, string Errors)> WrongNightAsync()
    {
        var recipe = Path.Combine(Project.Path, "recipes/small.yaml");
        var right = File.ReadAllText(recipe);
        File.WriteAllText(recipe, right.Replace("suite: trixie", "suite: trixy", StringComparison.Ordinal));
        try
        {
            return await NightAsync();
        }
        finally
        {
            File.WriteAllText(recipe, right);
        }
    }

    // The command that people are told, without its first word.
    private async Task<(int ExitCode, string Output, string Errors)> TheCommandIn(string line)
    {
        using var command = TheCommand.Start(null, Path.Combine(Project.Path, "app"), [], [.. line.Split(' ')[1..], "--boot-test=no"]);
        return await command.End();
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
        => Project.RunInAsync(Project.Places.Prefix, Project.Store.Root, arguments);
}
