using Dom0Image.Generations;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The whole command and the room on disks: one that is full, and what a store keeps.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class CommandRoomSpecs : OnSmallProject
{
    [TestCase(0)]
    [TestCase(60_000)]
    [TestCase(1_000_000)]
    public async Task I_am_told_before_a_generation_is_begun_that_the_publishing_area_has_no_room_for_it(int left)
    {
        using var disk = new SmallDisk(48);

        var errors = await FailOnAsync(disk, () => disk.Fill(butFor: left));

        Assert.That(errors, Does.Contain("there is no room for another generation of small: ").And.Contain("Nothing was written"));
    }

    // Bytes there are, and are counted before; what it runs out of is files.
    [TestCase(0)]
    [TestCase(12)]
    [TestCase(40)]
    public async Task I_am_told_when_the_disk_of_the_publishing_area_is_full(int left)
    {
        using var disk = new SmallDisk(48, files: 2000);

        var errors = await FailOnAsync(disk, () => disk.FillWithFiles(butFor: left));

        Assert.That(errors, Does.Contain("disk full: no space left for '"));
    }

    [TestCase("16k")]
    [TestCase("100k")]
    [TestCase("400k")]
    public async Task I_am_told_when_the_disk_of_the_store_is_full(string size)
    {
        var before = await Project.PublishAsync();
        var store = Directory.CreateDirectory($"{Project.Path}/small-store").FullName;

        var (exitCode, _, errors) = await Project.RunOnSmallStoreAsync(store, size, "Kernels");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Match("[Nn]o space left").And.Contain(store).And.Not.Contain("   at "));
        Assert.That(Project.Booted(), Is.EqualTo(before));
    }

    [Test]
    public async Task I_keep_the_last_stages_in_the_store_and_am_told_when_old_ones_are_deleted()
    {
        for (var i = 0; i < 8; i++)
        {
            var old = Directory.CreateDirectory(Project.Store.Finished("kernel", new($"{i}{new string('0', 63)}"))).FullName;
            File.WriteAllText($"{old}.used", "");
            File.SetLastWriteTimeUtc($"{old}.used", DateTime.UtcNow.AddDays(-20 - i));
        }

        Change();
        var (exitCode, output, errors) = await Project.RunAsync();

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Match(@"publish: done in .* places; \d+ old stages, packages, kernel trees and menus deleted, unused for 14 days"));
        Assert.That(Directory.Exists(Project.Store.Finished("kernel", new($"7{new string('0', 63)}"))), Is.False);
        Assert.That(Directory.GetDirectories(Path.Combine(Project.Store.Stages, "kernel")), Has.Length.GreaterThanOrEqualTo(6));
        Assert.That((await Project.RunAsync()).Output, Does.Contain("Nothing changed"), "what is used stays");
    }

    [Test]
    public async Task I_keep_what_the_next_build_needs_also_when_this_one_made_nothing_of_it()
    {
        await Project.PublishAsync();
        var store = Project.Store;
        string[] trees = [.. Directory.GetDirectories(store.KernelTrees)];
        string[] kept = [.. trees, .. Directory.GetFiles(store.PackageFiles, "*.deb", SearchOption.AllDirectories), .. store.AptStates, Write("packages/trixie-amd64/sample_1_amd64.deb")];
        string[] dropped = [Write("packages/trixie-amd64/dropped_1_amd64.deb"), Path.GetDirectoryName(Write("kernel-trees/build-amd64-dropped-linux-source-6.99-0123456789ab/vmlinux"))!];
        foreach (var entry in new[] { store.KernelTrees, store.Packages }.SelectMany(place => Directory.GetFileSystemEntries(place, "*", SearchOption.AllDirectories)).Where(path => !File.Exists(path) || path.EndsWith(".deb", StringComparison.Ordinal) || path.EndsWith(".used", StringComparison.Ordinal)))
        {
            File.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-20));
        }

        Project.ChangeOverlay("only the overlay\n");
        var (exitCode, output, errors) = await Project.RunAsync();

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain("kernel small: unchanged"));
        Assert.That(trees, Has.Length.EqualTo(2), "source and build");
        Assert.That(kept.Where(path => !Path.Exists(path)), Is.Empty);
        Assert.That(dropped.Where(Path.Exists), Is.Empty);

        string Write(string place)
        {
            var path = Path.Combine(store.Root, place);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
            return path;
        }
    }

    // A first build, and a second one after the disk was filled: what it says. What was published stays, and with room the next one works.
    private async Task<string> FailOnAsync(SmallDisk disk, Action fill)
    {
        var prefix = Path.Combine(disk.Path, "prefix");
        Assert.That((await RunAsync()).ExitCode, Is.Zero);
        var places = new Places(prefix);
        var before = CurrentState.Read(places);
        Change();
        Project.ChangeOverlay(new string('x', 2_000_000));
        fill();

        var (exitCode, _, errors) = await RunAsync();

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain(disk.Path).And.Not.Contain("   at "));
        Assert.That(CurrentState.Read(places), Is.EqualTo(before));
        Assert.That(GenerationCheck.Verify(places, before.Root!), Is.Empty);

        disk.Empty();
        Assert.That((await RunAsync()).ExitCode, Is.Zero);
        Assert.That(CurrentState.Read(places).Root, Is.Not.EqualTo(before.Root));
        return errors;

        Task<(int ExitCode, string Output, string Errors)> RunAsync() => Project.RunInAsync(prefix, Project.Store.Root);
    }
}
