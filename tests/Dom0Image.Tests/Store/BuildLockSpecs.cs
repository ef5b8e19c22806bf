using Dom0Image.Diagnostics;
using Dom0Image.Store;

namespace Dom0Image.Tests.Store;

internal sealed class BuildLockSpecs
{
    [Test]
    public async Task I_am_told_who_holds_the_lock_and_go_on_when_it_is_killed()
    {
        using var temp = new TempDirectory();
        using var other = HostProcess.Start([], "hold-lock", temp["store/lock"]);
        Assert.That(other.ReadLine(), Is.EqualTo("held"));
        var progress = new Recorder();

        var waiting = BuildLock.AcquireAsync([temp["prefix/lock"], temp["store/lock"]], wait: true, progress, CancellationToken.None);
        await WaitForAsync(() => !progress.Notes.IsEmpty);
        var waitedWhileHeld = !waiting.IsCompleted;
        other.Kill();
        using var mine = await waiting.WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Multiple(() =>
        {
            Assert.That(waitedWhileHeld);
            Assert.That(progress.Notes.Single(), Does.Contain($"process {other.Id}, running since ").And.Contain(temp["store/lock"]));
        });
    }

    [Test]
    public async Task I_can_have_a_second_build_refused()
    {
        using var temp = new TempDirectory();
        using var mine = await Acquire(temp["lock"], wait: true);

        Assert.That(
            async () => await Acquire(temp["lock"], wait: false),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains($"another build is running: process {Environment.ProcessId}"));
    }

    [Test]
    public async Task I_can_stop_waiting()
    {
        using var temp = new TempDirectory();
        using var mine = await Acquire(temp["lock"], wait: true);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.That(
            async () => await BuildLock.AcquireAsync([temp["free"], temp["lock"]], wait: true, new Recorder(), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => (await Acquire(temp["free"], wait: false)).Dispose(), Throws.Nothing, "the lock that it had got is free again");
    }

    [Test]
    public async Task I_get_the_lock_when_the_one_before_is_done()
    {
        using var temp = new TempDirectory();
        (await Acquire(temp["lock"], wait: true)).Dispose();

        using var next = await Acquire(temp["lock"], wait: false);

        Assert.That(next, Is.Not.Null);
    }

    private static Task<BuildLock> Acquire(string file, bool wait) => BuildLock.AcquireAsync([file], wait, new Recorder(), CancellationToken.None);

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (var i = 0; i < 2_000 && !condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.That(condition());
    }
}
