using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.Store;

internal sealed class StageContextSpecs
{
    [Test]
    public async Task I_do_not_run_a_stage_again_whose_key_is_in_the_store()
    {
        using var temp = new TempDirectory();
        var runs = 0;

        var first = await MakeAsync(temp.Path, "one", () => runs++);
        var second = await MakeAsync(temp.Path, "one", () => runs++);
        var other = await MakeAsync(temp.Path, "two", () => runs++);

        Assert.Multiple(() =>
        {
            Assert.That(runs, Is.EqualTo(2));
            Assert.That((first.Cached, second.Cached, other.Cached), Is.EqualTo((false, true, false)));
            Assert.That(File.ReadAllText(Path.Combine(second.Directory, "output")), Is.EqualTo("one"));
            Assert.That(Directory.GetFileSystemEntries(new BuildStore(temp.Path).Work), Is.Empty);
        });
    }

    [Test]
    public void I_find_nothing_in_the_store_of_a_stage_that_failed()
    {
        using var temp = new TempDirectory();

        Assert.That(
            async () => await MakeAsync(temp.Path, "one", () => throw new InvalidOperationException("no")),
            Throws.InstanceOf<InvalidOperationException>());

        Assert.That(Directory.Exists(new BuildStore(temp.Path).Stages), Is.False);
        Assert.That(Directory.GetFileSystemEntries(new BuildStore(temp.Path).Work), Is.Empty);
    }

    [Test]
    public void I_am_told_that_the_disk_is_full_and_which()
    {
        using var temp = new TempDirectory();

        var (exitCode, _, errors) = HostProcess.Run(Isolation.Mounts.Around([]), "make-stage-on-small-disk", temp.Path, "4m", "100");

        Assert.That(exitCode, Is.EqualTo(1), errors);
        Assert.That(errors, Does.Contain("disk full").And.Contain($"mounted at {temp.Path} (").And.Contain("MiB").And.Contain("--store="));
    }

    [Test]
    public void I_am_told_so_too_when_a_tool_filled_the_disk()
    {
        using var disk = new SmallDisk(mebibytes: 4);
        var context = Context(disk.Path);

        Assert.That(
            async () => await context.GetOrMakeAsync("big", Key("one"), work => context.RunAsync(new ToolCommand("dd", "if=/dev/zero", $"of={work}/big", "bs=64k", "count=1000"))),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains("disk full"));
        Assert.That(Directory.Exists(context.Store.Stages), Is.False);
        Assert.That(Directory.GetFileSystemEntries(context.Store.Work), Is.Empty);
    }

    [Test]
    [Category("Slow")]
    public void I_can_kill_a_stage_at_any_step_and_the_next_run_goes_on()
    {
        using var temp = new TempDirectory();
        var steps = KillSteps.Record("make-stage", temp["recorded"], "3");
        Assert.That(steps, Has.Count.GreaterThan(10).And.Some.EqualTo(("rename", 1)), "the steps of the work are among them");
        foreach (var (step, number) in steps.Select((step, number) => (step, number)))
        {
            var store = new BuildStore(temp[$"{number}"]);
            KillSteps.Kill(step, "make-stage", store.Root, "3");
            AssertWholeOrAbsent(store, step);

            var next = HostProcess.Run([], "make-stage", store.Root, "3");

            Assert.That(next.ExitCode, Is.Zero, next.Errors);
            AssertWhole(store, step);
            Assert.That(Directory.Exists(store.Work) ? Directory.GetFileSystemEntries(store.Work) : [], Is.Empty, $"left after a kill at {step}");
        }
    }

    [Test]
    public async Task I_keep_the_outputs_used_last_when_the_store_is_pruned()
    {
        using var temp = new TempDirectory();
        var store = new BuildStore(temp.Path);
        var outputs = new List<string>();
        foreach (var content in new[] { "one", "two", "three" })
        {
            outputs.Add((await MakeAsync(temp.Path, content)).Directory);
            await Task.Delay(20);
        }

        await MakeAsync(temp.Path, "one");
        Assert.That(new StorePruning(store, unused: TimeSpan.FromDays(1)).Prune(keep: 2), Is.Empty, "all were used today");
        var pruned = new StorePruning(store, unused: TimeSpan.Zero).Prune(keep: 2);

        Assert.Multiple(() =>
        {
            Assert.That(pruned, Is.EqualTo(new[] { outputs[1] }));
            Assert.That(outputs.Select(Directory.Exists), Is.EqualTo(new[] { true, false, true }));
            Assert.That(Directory.GetFileSystemEntries(store.Work), Is.Empty);
            Assert.That(Directory.GetFiles(Path.GetDirectoryName(outputs[0])!), Has.Length.EqualTo(2), "notes of what is kept alone");
        });
    }

    private static void AssertWholeOrAbsent(BuildStore store, (string, int) step)
    {
        if (Directory.Exists(store.Finished("big", StageKey.For("big", 1).Build())))
        {
            AssertWhole(store, step);
        }
    }

    private static void AssertWhole(BuildStore store, (string, int) step)
    {
        var files = Directory.GetFiles(store.Finished("big", StageKey.For("big", 1).Build()));
        Assert.That(files.Select(file => new FileInfo(file).Length), Is.EqualTo(new[] { 65536, 65536, 65536 }), $"killed at {step}");
    }

    [Test]
    public async Task I_can_ask_for_the_same_twice_at_once()
    {
        using var temp = new TempDirectory();
        var context = Context(temp.Path);
        var both = new TaskCompletionSource();
        var inside = 0;

        var outputs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => context.GetOrMakeAsync("stage", Key("same"), async work =>
        {
            if (Interlocked.Increment(ref inside) == 2)
            {
                both.SetResult();
            }

            await both.Task;
            await File.WriteAllTextAsync(Path.Combine(work, "output"), "same");
        })));

        Assert.That(outputs.Select(o => File.ReadAllText(Path.Combine(o.Directory, "output"))), Is.EqualTo(new[] { "same", "same" }));
        Assert.That(Directory.GetFileSystemEntries(context.Store.Work), Is.Empty);
    }

    private static Task<StageOutput> MakeAsync(string root, string content, Action? onRun = null)
        => Context(root).GetOrMakeAsync("stage", Key(content), async work =>
        {
            onRun?.Invoke();
            await File.WriteAllTextAsync(Path.Combine(work, "output"), content);
        });

    private static StageContext Context(string root) => new(new BuildStore(root), new ToolRunner(), new Recorder(), CancellationToken.None);

    private static StageKey Key(string content) => StageKey.For("stage", 1).Add("content", content).Build();
}
