using System.Text.Json;
using Dom0Image.Generations;
using Dom0Image.Tests.Differences;
using Dom0Image.Tests.Hosting;

namespace Dom0Image.Tests.Status;

/// <summary>The targets that only look, run as a user or a program does.</summary>
internal sealed class AnswerSpecs
{
    private readonly TwoGenerations _two = new();

    [TearDown]
    public void Delete() => _two.Dispose();

    [Test]
    public async Task A_program_gets_data_and_nothing_else()
    {
        var (old, now) = (_two.Make("old"), _two.Make("new", "udev 2 amd64\n"));
        new Publication(_two.Places).Publish(new PublicationRequest(old, new MenuSet("first", _two.Temp.Make("menus"))));
        new PublicationHold(old, DateTimeOffset.UtcNow, "./build.sh --target=Publish --resume").Set(_two.Places);

        var diff = await RunAsync("--target=Diff", "--json");
        var status = await RunAsync("--target=Status", "--json");

        Assert.That((diff.ExitCode, diff.Errors, status.ExitCode, status.Errors), Is.EqualTo((0, "", 0, "")));
        var packages = JsonDocument.Parse(diff.Output).RootElement.GetProperty("packages");
        Assert.That((packages.GetArrayLength(), packages[0].GetProperty("kind").GetString(), packages[0].GetProperty("after").GetString()), Is.EqualTo((1, "Upgraded", "2")));
        var root = JsonDocument.Parse(status.Output).RootElement;
        Assert.That(root.GetProperty("boots").GetString(), Is.EqualTo(old));
        Assert.That(root.GetProperty("hold").GetProperty("generation").GetString(), Is.EqualTo(old));
        Assert.That(root.GetProperty("generations")[0].GetProperty("id").GetString(), Is.EqualTo(now));
        Assert.That(Directory.Exists(_two.Store.Root), Is.False, "no log, no lock");
    }

    [Test]
    public async Task A_person_gets_text_or_a_page_in_a_file()
    {
        var (old, now) = (_two.Make("old"), _two.Make("new", "udev 2 amd64\n"));

        var text = await RunAsync("--target=Diff", $"--from={old}", $"--to={now}");
        var page = await RunAsync("--target=Diff", $"--from={old}", $"--to={now}", $"--output={_two.Temp["diff.html"]}");

        Assert.That((text.ExitCode, text.Errors), Is.EqualTo((0, "")));
        Assert.That(text.Output, Does.StartWith($"from {old}, ").And.Contain("Packages: 1 upgraded"));
        Assert.That((page.ExitCode, page.Output), Is.EqualTo((0, $"written: {_two.Temp["diff.html"]}\n")));
        Assert.That(File.ReadAllText(_two.Temp["diff.html"]), Does.StartWith("<!DOCTYPE html>").And.EndWith("</html>\n"));
    }

    [TestCase("--target=Status", "--output=status.html", "this target writes no page of HTML")]
    [TestCase("--target=Diff", "--from=trixie-none", "there is no generation")]
    [TestCase("--target=Diff", "--output=diff.doc", "a file whose name ends in .json, .html or .txt")]
    [TestCase("--target=Diff", "--output=/proc/none/diff.json", "cannot write '/proc/none/diff.json'")]
    public async Task I_am_told_what_is_wrong_where_errors_belong(string target, string option, string told)
    {
        new Publication(_two.Places).Publish(new PublicationRequest(_two.Make("old"), new MenuSet("first", _two.Temp.Make("menus"))));

        var (exitCode, output, errors) = await RunAsync(target, option);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Is.Empty);
        Assert.That(errors, Does.Contain(told).And.Not.Contain("   at "));
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => TheCommand.Run([$"--prefix={_two.Places.Prefix}", $"--store={_two.Store.Root}", .. arguments]);
}
