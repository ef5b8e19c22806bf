using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using static Dom0Image.Tests.Pruning.PrunedPlace;

namespace Dom0Image.Tests.Pruning;

/// <summary>Deleting a generation takes nothing else with it, and never leaves half of one.</summary>
internal sealed class RemovalSpecs
{
    private PrunedPlace _place = null!;

    [SetUp]
    public void Open()
    {
        _place = new PrunedPlace();
        _place.Publish("old", "now");
    }

    [TearDown]
    public void Close() => _place.Dispose();

    private GenerationTree Old => GenerationTree.Finished(_place.Places, Id("old"));

    [Test]
    [Category("Slow")]
    public void I_can_kill_it_at_any_step_and_the_next_run_finishes_it()
    {
        var steps = KillSteps.Record("remove", _place.Places.Prefix, Id("old"));
        Assert.That(steps, Has.Some.EqualTo(("rename", 2)), "both parts are renamed first");
        foreach (var step in steps)
        {
            _place.Publish("old", "now");
            KillSteps.Kill(step, "remove", _place.Places.Prefix, Id("old"));

            var stands = GenerationList.Of(_place.Places).Any(kept => kept.Info.Id == Id("old"));
            Assert.That(stands ? GenerationCheck.Verify(_place.Places, Id("old")) : [], Is.Empty, $"half of it is seen after a kill at {step}");

            new GenerationAssembler(_place.Places).DeleteLeftovers();
            Assert.That(Directory.Exists(Old.TftpDirectory), Is.EqualTo(stands), $"after a kill at {step}");
            Assert.That(Directory.GetFileSystemEntries(_place.Places.Prefix, ".*", SearchOption.AllDirectories), Is.Empty, $"after a kill at {step}");
            Assert.That(GenerationCheck.Verify(_place.Places, Id("now")), Is.Empty);
        }
    }

    [Test]
    public void Links_to_the_machine_and_files_with_a_name_outside_are_no_way_out()
    {
        var precious = Path.Combine(Directory.CreateDirectory(_place["/precious"]).FullName, "file");
        File.WriteAllText(precious, "x");
        File.CreateSymbolicLink(Path.Combine(Old.Root, "to-file"), precious);
        Directory.CreateSymbolicLink(Path.Combine(Old.Root, "to-directory"), _place["/precious"]);
        Assert.That(FileChange.TryMakeName(Path.Combine(Old.Root, "same"), precious));
        var before = FileNode.Get(precious);

        Assert.That(Remove(), Is.True);

        var after = FileNode.Get(precious);
        Assert.That((File.ReadAllText(precious), after.Mode, after.Uid, after.Inode), Is.EqualTo(("x", before.Mode, before.Uid, before.Inode)));
        Assert.That(Directory.Exists(Old.ImageDirectory), Is.False);
    }

    [Test]
    public async Task An_immutable_file_goes_and_one_with_a_name_outside_stays_immutable_there()
    {
        var precious = _place["/precious"];
        File.WriteAllText(precious, "x");
        File.WriteAllText(Path.Combine(Old.Root, "own"), "x");
        Assert.That(FileChange.TryMakeName(Path.Combine(Old.Root, "same"), precious));
        try
        {
            await ChattrAsync("+i", Path.Combine(Old.Root, "own"), precious, Old.Root);

            Assert.That(Remove(), Is.True);
            Assert.That(Directory.Exists(Old.ImageDirectory), Is.False);
            Assert.That(() => File.WriteAllText(precious, "y"), Throws.InstanceOf<UnauthorizedAccessException>());
        }
        finally
        {
            await ChattrAsync("-i", precious);
        }
    }

    [TestCase("--bind", "root/mnt")]
    [TestCase("--rbind", "root/mnt")]
    [TestCase("--bind", "tftp")]
    public void One_in_which_something_is_mounted_is_left_alone_as_a_whole_and_told(string how, string where)
    {
        var precious = Directory.CreateDirectory(_place["/precious"]).FullName;
        File.WriteAllText(Path.Combine(precious, "file"), "x");
        var point = where == "tftp" ? Directory.CreateDirectory(Path.Combine(Old.TftpDirectory, "mnt")).FullName : Directory.CreateDirectory(Path.Combine(Old.ImageDirectory, where)).FullName;

        var (exitCode, output, errors) = HostProcess.Run(Isolation.Mounts.Around([]), "remove-with-mount", how, precious, point, _place.Places.Prefix, Id("old"));

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain($"generation {Id("old")} is left alone: ").And.Contain($"something is mounted in it: {point}").And.Contain("umount"));
        Assert.That(File.Exists(Path.Combine(precious, "file")));
        Assert.That(File.ReadAllText(Path.Combine(Old.Root, "version")), Is.EqualTo("old"));
        Assert.That(Directory.Exists(Old.Kernels));
    }

    private bool Remove() => new GenerationRemoval(_place.Places, TestContext.Out.WriteLine).Remove(Id("old"));

    private static Task<ToolResult> ChattrAsync(string flag, params string[] paths) => new ToolRunner().RunAsync(new ToolCommand("chattr", flag).With(paths));
}
