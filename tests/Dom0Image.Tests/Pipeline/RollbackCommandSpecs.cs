using Dom0Image.Generations;

namespace Dom0Image.Tests.Pipeline;

/// <summary>Going back by the whole command, and the nights after it.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class RollbackCommandSpecs : OnSmallProject
{
    [Test]
    public async Task I_go_back_and_builds_wait_until_I_say_so()
    {
        var old = Change();
        var next = await Project.PublishAsync();
        Assert.That(next, Is.Not.EqualTo(old));

        var (exitCode, output, errors) = await RunAsync("--target=Rollback");
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(output, Does.Contain($"Held since").And.Contain($"hosts boot {old}").And.Contain("--target=Publish --resume --recipe=small --site=small --prefix="));
        Project.AssertWhole(old, "after going back");

        // A night: something changed, and it is made and left.
        Change();
        var stood = GenerationList.Of(Project.Places).Count;
        (exitCode, output, errors) = await RunAsync();
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(output, Does.Contain($"held for {old}: small-"));
        Assert.That(output, Does.Contain("waits, since somebody went back to"));
        Assert.That(Project.Booted(), Is.EqualTo(old));
        Assert.That(GenerationList.Of(Project.Places), Has.Count.EqualTo(stood + 1));

        // Menus of the generation that is held go on to follow the site.
        (exitCode, output, errors) = await RunAsync("--target=BootFiles");
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Project.Booted(), Is.EqualTo(old));

        (exitCode, output, errors) = await RunAsync("--target=Publish", "--resume");
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(Project.Booted(), Is.Not.EqualTo(old).And.Not.EqualTo(next));
        Assert.That(output, Does.Not.Contain("Held since"));
        Assert.That(PublicationHold.Find(Project.Places), Is.Null);
    }

    [Test]
    public async Task The_older_ways_back_hold_too()
    {
        var old = Change();
        var next = await Project.PublishAsync();
        foreach (var way in new[] { "--target=BootFiles", "--target=Publish" })
        {
            var (exitCode, output, errors) = await RunAsync(way, $"--generation={old}");
            Assert.That(exitCode, Is.Zero, output + errors);
            Assert.That(PublicationHold.Find(Project.Places)?.Generation, Is.EqualTo(old), way);
            Assert.That(Project.Booted(), Is.EqualTo(old), way);

            (exitCode, output, errors) = await RunAsync(way, $"--generation={next}", "--resume");
            Assert.That(exitCode, Is.Zero, output + errors);
            Assert.That(PublicationHold.Find(Project.Places), Is.Null, way);
            Assert.That(Project.Booted(), Is.EqualTo(next), way);
        }
    }

    [Test]
    public async Task I_am_asked_before_old_generations_go_and_can_say_so_beforehand()
    {
        var old = Change();
        Change();
        _ = await Project.PublishAsync();
        Change();
        var now = await Project.PublishAsync();
        foreach (var set in Directory.GetDirectories(Project.Places.OnDisk(Places.Menus)).Where(set => Path.GetFileName(set) != CurrentState.Read(Project.Places).Menus))
        {
            Directory.SetLastWriteTimeUtc(set, DateTime.UtcNow.AddDays(-30));
        }

        var (exitCode, output, errors) = await RunAsync("--target=Prune", "--newest=1", "--yes-unknown");
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output + errors, Does.Contain($"{old} will be deleted").And.Contain($"{now} is kept: hosts boot it").And.Contain("there is no terminal to ask on, and nothing was done"));
        Assert.That(new GenerationAssembler(Project.Places).Exists(old));

        (exitCode, output, errors) = await RunAsync("--target=Prune", "--newest=1", "--yes-unknown", "--yes");
        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(new GenerationAssembler(Project.Places).Exists(old), Is.False);
        Project.AssertWhole(now, "after deleting others");
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
        => Project.RunInAsync(Project.Places.Prefix, Project.Store.Root, arguments);
}
