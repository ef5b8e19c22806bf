using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Tests.BaseLayer;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The whole command under bad luck: what is published stays as it was, and the next run goes on.</summary>
[Category("Slow")]
[Parallelizable(ParallelScope.Self)]
internal sealed class CommandFaultSpecs : OnSmallProject
{
    private static readonly string[] Stages = ["plan", "kernel small", "root", "verify", "boot files", "publish"];

    [Test]
    public async Task I_am_told_that_nothing_changed_and_nothing_is_done()
    {
        await Project.PublishAsync();
        var (exitCode, output, _) = await Project.RunAsync();

        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain("Nothing changed; done in").And.Contain("kernel small: unchanged").And.Contain("publish: unchanged"));
    }

    [TestCaseSource(nameof(Stages))]
    public async Task I_can_kill_it_in_any_stage_and_the_next_run_cleans_up_and_goes_on(string stage)
    {
        foreach (var delay in new[] { 0, 120 })
        {
            var before = Change();
            var when = $"killed {delay} ms into {stage}";
            using (var command = Project.Start())
            {
                await command.SeeAsync($"] {stage}: start");
                await Task.Delay(delay);
                Syscall.kill(command.Id, Signum.SIGKILL);
                await command.End();
            }

            await Project.AssertNothingRunsAsync(when);
            Project.AssertWhole(Project.Booted(), when);

            var after = await Project.PublishAsync();

            Assert.That(after, Is.Not.EqualTo(before), when);
            Assert.That(Project.Booted(), Is.EqualTo(after), when);
            Project.AssertWhole(after, when);
            AssertNoLeftovers(when);
        }
    }

    [TestCase("kernel small", Signum.SIGINT, 130)]
    [TestCase("root", Signum.SIGTERM, 143)]
    [TestCase("boot files", Signum.SIGHUP, 129)]
    public async Task I_can_interrupt_it_and_nothing_is_left_behind(string stage, Signum signal, int expected)
    {
        var before = Change();
        using (var command = Project.Start())
        {
            await command.SeeAsync($"] {stage}: start");
            Syscall.kill(command.Id, signal);
            var (exitCode, _, errors) = await command.End();

            Assert.That(exitCode, Is.EqualTo(expected), errors);
            Assert.That(errors, Does.Contain("interrupted by").And.Contain("What is published stays as it was"));
        }

        await Project.AssertNothingRunsAsync(stage);
        Assert.That(Project.Booted(), Is.EqualTo(before));
        AssertNoLeftovers(stage);
        Assert.That(await Project.PublishAsync(), Is.Not.EqualTo(before));
    }

    // Its kernel and hypervisor have the headers of real ones and nothing behind them.
    [Test]
    public async Task A_generation_that_does_not_boot_is_not_published()
    {
        Change();
        var before = CurrentState.Read(Project.Places);

        var (exitCode, _, errors) = await Project.RunInAsync(Project.Places.Prefix, Project.Store.Root, "--boot-test=yes", "--clients=1");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("boot test: the boot ended after step").And.Contain("bios-xen: post01").And.Contain("Failed stage: boot test"));
        Assert.That(CurrentState.Read(Project.Places), Is.EqualTo(before));
        Project.AssertWhole(before.Root!, "after a boot test that failed");
        await Project.AssertNothingRunsAsync("after a boot test that failed");
        AssertNoLeftovers("after a boot test that failed");
    }

    [Test]
    public async Task I_can_start_it_twice_at_once_and_the_second_waits_and_says_for_whom()
    {
        Change();
        using var first = Project.Start();
        await first.SeeAsync("] kernel small: start");
        using var second = Project.Start();
        await second.SeeAsync($"waiting for another build to end: process {first.Id}, running since");
        var (exitCode, _, errors) = await first.End();
        var (secondCode, output, secondErrors) = await second.End();

        Assert.That((exitCode, secondCode), Is.EqualTo((0, 0)), errors + secondErrors);
        Assert.That(output, Does.Contain($"holds '{Project.Store.LockFile}'").And.Contain("Nothing changed"));
    }

    [Test]
    public async Task I_can_interrupt_one_that_waits_and_the_other_goes_on()
    {
        Change();
        using var first = Project.Start();
        await first.SeeAsync("] kernel small: start");
        using var second = Project.Start();
        await second.SeeAsync("waiting for another build");
        Syscall.kill(second.Id, Signum.SIGINT);

        Assert.That((await second.End()).ExitCode, Is.EqualTo(130));
        Assert.That((await first.End()).ExitCode, Is.Zero);
    }

    [TestCase("InRelease", Fault.Tampered, "plan", "the signature of trixie at ")]
    [TestCase("InRelease", Fault.Missing, "plan", "the mirror has no suite 'trixie'")]
    [TestCase("Packages", Fault.Tampered, "plan", "apt-get update")]
    [TestCase(".deb", Fault.Truncated, "kernel small", "apt-get -o APT::Status-Fd=1 download -- ")]
    [TestCase(".deb", Fault.Tampered, "kernel small", "apt-get -o APT::Status-Fd=1 download -- ")]
    [TestCase(".deb", Fault.Missing, "kernel small", "404")]
    public async Task I_am_told_when_the_mirror_is_bad_and_what_is_published_stays(string file, Fault fault, string stage, string expected)
    {
        var before = await Project.PublishAsync();
        Project.Mirror.Faults[file] = fault;
        try
        {
            // With nothing fetched yet: a store of its own.
            var (exitCode, _, errors) = await Project.RunInAsync(Project.Places.Prefix, $"{Project.Path}/empty-store", "--target=Kernels");

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain(expected).And.Contain($"Failed stage: {stage}").And.Not.Contain("   at "));
        }
        finally
        {
            Project.Mirror.Faults.Clear();
            SafeDelete.Tree($"{Project.Path}/empty-store");
        }

        Assert.That(await Project.PublishAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task I_hear_before_a_kernel_is_compiled_that_it_cannot_be_dom0_and_one_without_EFI_is_for_BIOS()
    {
        var before = Change();
        try
        {
            Project.ChangeOptions(without: "BRIDGE");
            var (exitCode, output, errors) = await Project.RunAsync();

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain("recipes/small.yaml:10:3: flavour 'small': the kernel lacks CONFIG_BRIDGE=y").And.Contain("Failed stage: kernel small"));
            Assert.That(File.ReadAllText(errors.Split("Full log: ")[1].Trim()), Does.Contain("allnoconfig").And.Not.Contain("bzImage"), "it was configured, not compiled");
            Assert.That(Project.Booted(), Is.EqualTo(before));

            Project.ChangeOptions(without: "EFI");
            (exitCode, output, errors) = await Project.RunAsync();

            Assert.That(exitCode, Is.Zero, errors);
            Assert.That(output, Does.Contain("no fragment of kernel flavour 'small' asks for CONFIG_EFI=y: hosts that boot it have to start by BIOS"));
            Assert.That(Project.Booted(), Is.Not.EqualTo(before));
        }
        finally
        {
            Project.ChangeOptions(without: "");
        }
    }

    private void AssertNoLeftovers(string when)
    {
        Assert.That(Directory.GetFileSystemEntries(Project.Store.Work), Is.Empty, when);
        Assert.That(new GenerationAssembler(Project.Places).DeleteLeftovers(), Is.Empty, when);
    }

    [Test]
    public async Task I_am_told_of_a_published_file_that_was_edited_when_the_same_image_is_made_again()
    {
        var before = await Project.PublishAsync();
        var edited = Path.Combine(GenerationTree.Finished(Project.Places, before).Root, "etc/motd");
        var content = File.ReadAllText(edited);
        // As a new version of the program does, or another day of the archive.
        SafeDelete.Tree(Path.Combine(Project.Store.Stages, "generation"));
        File.WriteAllText(edited, "edited\n");
        try
        {
            var (exitCode, _, errors) = await Project.RunAsync();

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain($"{before}: /etc/motd").And.Contain("A generation is never edited"));
        }
        finally
        {
            File.WriteAllText(edited, content);
        }

        Assert.That(await Project.PublishAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task I_get_no_image_of_an_overlay_that_is_edited_while_it_is_laid()
    {
        var before = Project.Booted();
        var edit = Path.Combine(Project.Path, "edit");
        using var stop = new CancellationTokenSource();
        var editing = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                // As an editor does: whoever reads finds one content or the other, whole.
                File.WriteAllText(edit, $"edit {i}\n");
                File.Move(edit, Path.Combine(Project.Path, "overlays/small/etc/motd"), overwrite: true);
                Thread.Sleep(1);
            }
        });
        var (exitCode, output, errors) = await Project.RunAsync();
        await stop.CancelAsync();
        await editing;

        Assert.That(exitCode, Is.Not.Zero, output);
        Assert.That(errors, Does.Contain("an overlay of recipe small was changed while the image was composed"));
        Assert.That(Project.Booted(), Is.EqualTo(before));
        Assert.That(await Project.PublishAsync(), Is.Not.EqualTo(before));
    }
}
