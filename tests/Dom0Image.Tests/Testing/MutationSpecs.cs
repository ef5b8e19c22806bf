using System.Globalization;
using Dom0Image.CommandLine;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;
using Dom0Image.Testing;

namespace Dom0Image.Tests.Testing;

/// <summary>Mutation testing: what the fast tests would notice.</summary>
internal sealed class MutationSpecs
{
    // Of the form in which Stryker 5.1 writes it, shortened.
    private const string Report =
        """
        {"schemaVersion":"2","thresholds":{"high":80,"low":60},"files":{"Generations/MenuDirectory.cs":{"language":"cs","source":"","mutants":[
          {"id":"1","mutatorName":"Equality mutation","replacement":"a != b","location":{"start":{"line":7,"column":9},"end":{"line":7,"column":15}},"status":"Killed"},
          {"id":"2","mutatorName":"Statement mutation","replacement":";","location":{"start":{"line":8,"column":9},"end":{"line":8,"column":15}},"status":"Timeout"},
          {"id":"3","mutatorName":"Statement mutation","replacement":";","location":{"start":{"line":9,"column":5},"end":{"line":9,"column":15}},"status":"Survived"},
          {"id":"4","mutatorName":"String mutation","replacement":"","location":{"start":{"line":9,"column":5},"end":{"line":9,"column":15}},"status":"Ignored"},
          {"id":"5","mutatorName":"Linq mutation","replacement":"x","location":{"start":{"line":9,"column":5},"end":{"line":9,"column":15}},"status":"CompileError"},
          {"id":"6","mutatorName":"Block removal mutation","replacement":"{\r\n}","location":{"start":{"line":20,"column":5},"end":{"line":22,"column":6}},"status":"NoCoverage"}]}}}
        """;

    [Test]
    public void I_get_the_share_that_was_noticed_and_the_places_that_were_not()
    {
        var tally = MutationTally.Read(Report);

        Assert.That(tally.ToString(), Is.EqualTo("2 of 4 noticed (50 %), 1 not, 1 reached by no test"));
        Assert.That(tally.Left, Is.EqualTo(new[]
        {
            "Generations/MenuDirectory.cs:9:5: Statement mutation: ;",
            "Generations/MenuDirectory.cs:20:5: reached by no test: Block removal mutation: { }",
        }));
    }

    [Test]
    public void I_get_a_page_that_keeps_what_other_rooms_gave()
    {
        var (one, two) = (MutationRoom.All[0], MutationRoom.All[1]);
        var day = new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);
        var both = MutationPage.With(MutationPage.With("", one, MutationTally.Read(Report), TimeSpan.FromMinutes(12), day, "abc1234"), two, new MutationTally(9, 1, 0, []), TimeSpan.FromMinutes(20), day, "def5678-dirty");

        Assert.That(both, Does.Contain($"| `{one.Name}` | {string.Join(", ", one.Folders)} | 2 | 1 | 1 | 50 % | 12 min | 2026-11-28, abc1234 |\n"));
        Assert.That(both, Does.Contain($"| `{two.Name}` | {string.Join(", ", two.Folders)} | 9 | 1 | 0 | 90 % | 20 min | 2026-11-28, def5678-dirty |\n"));
        Assert.That(both, Does.Contain($"| `{MutationRoom.All[2].Name}` | {string.Join(", ", MutationRoom.All[2].Folders)} | not run yet | | | | | |\n"));
    }

    [Test]
    public void I_can_name_rooms_whose_folders_there_are()
    {
        var build = Path.Combine(RepositoryRoot.Find(), "build");
        Assert.That(MutationRoom.All.SelectMany(room => room.Folders).Where(folder => Directory.GetFiles(Path.Combine(build, folder), "*.cs", SearchOption.AllDirectories).Length == 0), Is.Empty);
        Assert.That(MutationRoom.Chosen("boot, recipes").Select(room => room.Name), Is.EqualTo(new[] { "boot", "recipes" }));
        var problem = Assert.Throws<BuildFailedException>(() => MutationRoom.Chosen("boots"))!;
        Assert.That(problem.Diagnostics.Single().ToString(), Does.Contain("'boots'").And.Contain("Did you mean 'boot'"));
    }

    [Test]
    [Category("Slow")]
    public async Task I_lose_nothing_to_a_changed_program_that_deletes_what_it_likes()
    {
        // On the disk that the tests lie on, where no memory is laid over it.
        var disk = Directory.CreateDirectory(Path.Combine(TestContext.CurrentContext.TestDirectory, $"bait-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}")).FullName;
        try
        {
            var bait = Path.Combine(disk, "bait");
            await File.WriteAllTextAsync(bait, "whole");
            var checkout = Directory.CreateDirectory(Path.Combine(disk, "checkout/tests/Dom0Image.Tests")).FullName;
            await File.WriteAllTextAsync(Path.Combine(checkout, "a"), "whole");
            var results = Directory.CreateDirectory(Path.Combine(disk, "results")).FullName;
            var mutant = Path.Combine(disk, "mutant");
            await File.WriteAllTextAsync(
                mutant,
                $"""
                #!/bin/sh
                rm -f {bait} a
                echo changed > {Path.Combine(checkout, "a")}
                kill -9 {Environment.ProcessId}
                ls > /media/results/left
                echo >> /media/results/left here
                """);
            File.SetUnixFileMode(mutant, UnixFileMode.UserRead | UnixFileMode.UserExecute);

            await new ToolRunner().RunAsync(IsolatedScript.Command(EmbeddedText.Of("Testing/mutation.sh"), Path.Combine(disk, "checkout"), results, mutant));

            Assert.Multiple(() =>
            {
                Assert.That(File.ReadAllText(bait), Is.EqualTo("whole"));
                Assert.That(File.ReadAllText(Path.Combine(checkout, "a")), Is.EqualTo("whole"));
                Assert.That(File.ReadAllText(Path.Combine(results, "left")), Is.EqualTo("here\n"), "the checkout's file went for the mutant, and its results came over");
            });
        }
        finally
        {
            Directory.Delete(disk, recursive: true);
        }
    }
}
