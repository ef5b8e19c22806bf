using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;

namespace Dom0Image.Tests.Generations;

/// <summary>Whatever happens, who looks sees one generation, whole.</summary>
internal sealed partial class PublicationFaultSpecs
{
    [Test]
    [Category("Slow")]
    public void I_can_kill_publishing_at_any_step_and_the_next_run_goes_on()
    {
        IReadOnlyList<(string, int)> steps;
        using (var recorded = OldAndNext())
        {
            steps = KillSteps.Record("publish", recorded.Places.Prefix, Sample.IdOf("next"), recorded.Built("next"));
        }

        Assert.That(steps, Has.Some.EqualTo(("rename", 6)), "menus, journal and four links");
        var seen = new HashSet<string>();
        foreach (var step in steps)
        {
            using var sample = OldAndNext();
            KillSteps.Kill(step, "publish", sample.Places.Prefix, Sample.IdOf("next"), sample.Built("next"));
            seen.Add(BootedBy(sample));
            AssertLinksWhole(sample);

            new GenerationAssembler(sample.Places).DeleteLeftovers();
            sample.Publish("next");

            Assert.That(CurrentState.Read(sample.Places).Is(Sample.IdOf("next"), Sample.IdOf("next")), $"after a kill at {step}");
            Assert.That(BootedBy(sample), Is.EqualTo(Sample.IdOf("next")));
            AssertNothingLeft(sample, step);
        }

        Assert.That(seen, Is.EquivalentTo(new[] { Sample.IdOf("old"), Sample.IdOf("next") }), "kills before and after the switch");
    }

    [Test]
    [Category("Slow")]
    public void I_can_kill_the_making_of_a_generation_at_any_step_and_the_next_run_goes_on()
    {
        using var parts = new TempDirectory();
        foreach (var part in new[] { "root/version", "packages.txt", "bzImage", "System.map", "config", "xen.gz" })
        {
            parts.Write(part, "whole");
        }

        var id = Sample.IdOf("one");
        var steps = KillSteps.Record("assemble", parts.Make("recorded"), "one", parts.Path);
        Assert.That(steps, Has.Some.EqualTo(("rename", 2)), "two parts are put in place");
        foreach (var step in steps)
        {
            using var sample = new Sample();
            KillSteps.Kill(step, "assemble", sample.Places.Prefix, "one", parts.Path);
            var whole = new GenerationAssembler(sample.Places).Exists(id);
            Assert.That(whole ? GenerationCheck.Verify(sample.Places, id) : [], Is.Empty);

            new GenerationAssembler(sample.Places).DeleteLeftovers();
            if (!whole)
            {
                sample.Finish("one");
            }

            Assert.That(GenerationCheck.Verify(sample.Places, id), Is.Empty, $"after a kill at {step}");
            Assert.That(new GenerationAssembler(sample.Places).Exists(id));
            AssertNothingLeft(sample, step);
        }
    }

    [Test]
    public async Task I_never_boot_a_mix_while_generations_are_published()
    {
        using var sample = OldAndNext();
        using var done = new CancellationTokenSource();
        var reads = 0;
        var reader = Task.Run(() =>
        {
            for (; !done.IsCancellationRequested; Interlocked.Increment(ref reads))
            {
                BootedBy(sample);
                AssertLinksWhole(sample);
            }
        });

        // As many of each, however the machine divides its time between them.
        for (var i = 0; (i < 200 || Volatile.Read(ref reads) < 200) && !reader.IsCompleted; i++)
        {
            sample.Publish(i % 2 == 0 ? "next" : "old");
        }

        await done.CancelAsync();
        await reader;
    }

    [Test]
    public void I_still_boot_the_old_generation_when_the_disk_is_full()
    {
        using var disk = new SmallDisk(mebibytes: 2);
        using var sample = new Sample(disk.Path);
        sample.Finish("old");
        sample.Publish("old");
        sample.Finish("next");
        var request = sample.Request("next");
        disk.Fill();

        Assert.That(
            () => new Publication(sample.Places).Publish(request),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains($"disk full: no space left for '{sample["/tftpboot"]}'"));

        Assert.That(BootedBy(sample), Is.EqualTo(Sample.IdOf("old")));
        Assert.That(CurrentState.Read(sample.Places).Is(Sample.IdOf("old"), Sample.IdOf("old")));
    }

    [Test]
    public void I_get_no_generation_when_the_disk_is_full()
    {
        using var disk = new SmallDisk(mebibytes: 2);
        using var sample = new Sample(disk.Path);
        using (var staged = sample.Begin("one"))
        {
            disk.Fill(butFor: 8192);
            Assert.That(() => staged.Seal(sample.Parts("one")), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("disk full"));
        }

        Assert.That(new GenerationAssembler(sample.Places).Exists(Sample.IdOf("one")), Is.False);
        Assert.That(Directory.GetFileSystemEntries(sample["/opt/ondemand/generations"]), Is.Empty);
    }

    private static Sample OldAndNext()
    {
        var sample = new Sample();
        sample.Finish("old");
        sample.Publish("old");
        sample.Finish("next");
        sample.Built("next");
        return sample;
    }

    // Goes the way of a client: menu, hypervisor, kernel, root; fails unless all are of one generation.
    private static string BootedBy(Sample sample)
    {
        var menu = File.ReadAllText(sample["/tftpboot/grub/post01.conf"]);
        var root = NfsRoot().Match(menu).Groups[1].Value;
        var ids = TftpFile().Matches(menu).Select(file => File.ReadAllText(sample["/tftpboot" + file.Value])).Append(File.ReadAllText(sample[root + "/version"])).ToList();
        Assert.That(ids, Has.Count.EqualTo(3).And.All.EqualTo(ids[0]));
        return ids[0];
    }

    // What people see: each link leads to something whole.
    private static void AssertLinksWhole(Sample sample)
    {
        string[] whole = [Sample.IdOf("old"), Sample.IdOf("next")];
        Assert.That(File.ReadAllText(sample["/opt/ondemand/root/version"]), Is.AnyOf(whole));
        Assert.That(File.ReadAllText(sample["/tftpboot/kernels/kernel-6.12-xen"]), Is.AnyOf(whole));
        Assert.That(File.ReadAllText(sample["/tftpboot/hypervisors/xen-4.20.gz"]), Is.AnyOf(whole));
    }

    private static void AssertNothingLeft(Sample sample, (string, int) step)
    {
        var left = Directory.GetFileSystemEntries(sample.Places.Prefix, ".*", SearchOption.AllDirectories).Where(path => path != sample.Places.LockFile);
        Assert.That(left, Is.Empty, $"after a kill at {step}");
    }

    [GeneratedRegex(@"/generations/\S+/(kernels|hypervisors)/\S+")]
    private static partial Regex TftpFile();

    [GeneratedRegex(@"nfsroot=[^:]+:([^,]+),")]
    private static partial Regex NfsRoot();
}
