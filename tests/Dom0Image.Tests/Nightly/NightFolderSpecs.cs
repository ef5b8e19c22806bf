using System.Text.Json;
using Dom0Image.Differences;
using Dom0Image.Generations;
using Dom0Image.Nightly;
using Dom0Image.Store;

namespace Dom0Image.Tests.Nightly;

/// <summary>What is kept of nights.</summary>
internal sealed class NightFolderSpecs
{
    private static readonly DateTimeOffset Night = new(2026, 11, 27, 2, 30, 0, TimeSpan.Zero);

    private static readonly GenerationDifference Difference = new(new("trixie-a", "trixie", Night, true), new("trixie-b", "trixie", Night, false));

    [Test]
    public void I_find_the_last_night_by_one_name_with_what_it_changed()
    {
        using var temp = new TempDirectory();
        var folder = new NightFolder(new Places(temp.Path));

        folder.Write(Result(1, NightOutcome.Published), Difference, Assert.Fail);
        var file = folder.Write(Result(2, NightOutcome.Conflict), Difference, Assert.Fail);

        var latest = temp["var/lib/dom0image/nightly/latest"];
        var result = JsonDocument.Parse(File.ReadAllText($"{latest}/result.json")).RootElement;
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(file), Is.EqualTo(File.ReadAllText($"{latest}/result.json")));
            Assert.That(result.GetProperty("outcome").GetString(), Is.EqualTo("Conflict"));
            Assert.That(result.GetProperty("exitCode").GetInt32(), Is.EqualTo(4));
            Assert.That(File.ReadAllText($"{latest}/difference.txt"), Does.Contain("trixie-b"));
            Assert.That(File.ReadAllText($"{latest}/difference.html"), Does.StartWith("<!DOCTYPE html>").IgnoreCase);
            Assert.That(File.GetUnixFileMode(folder.Directory), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), "for root alone");
        });
    }

    [Test]
    public void Old_nights_go_and_nothing_else_does()
    {
        using var temp = new TempDirectory();
        var folder = new NightFolder(new Places(temp.Path));
        var precious = temp.Write("elsewhere/result.json", "mine");
        temp.Write("var/lib/dom0image/nightly/2020-01-01T000000Z-1.mine/note", "mine");
        Directory.CreateSymbolicLink(temp["var/lib/dom0image/nightly/2020-01-01T000000Z-1"], temp["elsewhere"]);

        for (var day = 0; day < Retention.NightsKept + 3; day++)
        {
            folder.Write(Result(day, NightOutcome.NothingNew), null, Assert.Fail);
        }

        Assert.That(Directory.GetDirectories(folder.Directory, "2026-*"), Has.Length.EqualTo(Retention.NightsKept));
        Assert.That(File.Exists(precious), "a link is not followed");
        Assert.That(Directory.Exists(temp["var/lib/dom0image/nightly/2020-01-01T000000Z-1.mine"]));
        Assert.That(Directory.GetDirectories(folder.Directory, ".new-*"), Is.Empty);
    }

    private static NightResult Result(int day, NightOutcome outcome) => new(outcome, NightExit.CodeOf(outcome), "trixie", "example", Night.AddDays(day), 1);
}
