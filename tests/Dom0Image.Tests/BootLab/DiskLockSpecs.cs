using System.Diagnostics;

namespace Dom0Image.Tests.BootLab;

/// <summary>A domain's disk that lies among the images, and two dom0s that want it.</summary>
[Parallelizable(ParallelScope.Self)]
internal sealed class DiskLockSpecs
{
    // The server's lease time, and what it takes to look.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    [Test]
    [Category("Long_disk_lock")]
    public async Task A_disk_is_written_by_one_domain_whatever_becomes_of_its_client()
    {
        await using var dom0s = await TwoDom0s.BootAsync(await BuiltGeneration.GetAsync());
        Assert.That((await dom0s.CreateAsync(0)).ExitCode, Is.Zero);

        // Beside it, by the other client: refused, and told who has it.
        var refused = await dom0s.CreateAsync(1);
        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(string.Join('\n', refused.Lines), Does.Contain($"writer.img is in use by {dom0s.Names[0]} since "));

        // Handed over.
        Assert.That((await dom0s.RunAsync(0, "xl destroy writer 2>&1; sleep 2; losetup -a")).Lines, Is.Empty);
        Assert.That((await dom0s.CreateAsync(1)).ExitCode, Is.Zero, "given back, it can be had at once");
        await dom0s.RunAsync(1, "xl destroy writer; sleep 2");

        // A client that stands still for longer than it may, and goes on.
        Assert.That((await dom0s.CreateAsync(0)).ExitCode, Is.Zero);
        await dom0s.TypeToGuestAsync(0, Writing("first"), "written");
        Assert.That(dom0s.OnDisk, Is.EqualTo("first"));
        dom0s.Freeze(0, frozen: true);
        Tell("free", await FreeAfterAsync(dom0s, 1));
        await dom0s.TypeToGuestAsync(1, Writing("second"), "written");
        Assert.That(dom0s.OnDisk, Is.EqualTo("second"));
        dom0s.Freeze(0, frozen: false);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Lease)
        {
            Assert.That(dom0s.OnDisk, Is.EqualTo("second"), "no second writer");
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        Assert.That(string.Join('\n', (await dom0s.RunAsync(0, "dmesg | grep -iE 'loop|nfs|lock' | tail -n 20")).Lines), Does.Match("Lock reclaim failed|I/O error"));

        // A client that is gone.
        await dom0s.KillAsync(1);
        await dom0s.RunAsync(0, "xl destroy writer; sleep 2");
        Tell("free", await FreeAfterAsync(dom0s, 0));
        await dom0s.TypeToGuestAsync(0, Writing("third"), "written");
        Assert.That(dom0s.OnDisk, Is.EqualTo("third"));
    }

    // Each second, for as long as it lives; told once.
    private static string Writing(string word)
        => $"(while :; do echo {word} | dd of=/dev/xvdb bs=512 count=1 conv=sync,fsync 2>/dev/null; sleep 1; done) & sleep 3; echo writ''ten";

    private static async Task<TimeSpan> FreeAfterAsync(TwoDom0s dom0s, int index)
    {
        var watch = Stopwatch.StartNew();
        while ((await dom0s.CreateAsync(index)).ExitCode != 0)
        {
            Assert.That(watch.Elapsed, Is.LessThan(Lease * 4 * dom0s.Slowness));
            await Task.Delay(TimeSpan.FromSeconds(5));
        }

        return watch.Elapsed;
    }

    private static void Tell(string what, TimeSpan time) => TestContext.Progress.WriteLine($"{what} after {time.TotalSeconds:F0} s");
}
