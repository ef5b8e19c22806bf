using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Tests.RootFs;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Pipeline;

/// <summary>The whole command under bad luck: what is published stays as it was, and the next run goes on.</summary>
[Category("Slow")]
[NonParallelizable]
public sealed class CommandFaultSpecs
{
    private static readonly string[] Stages = ["plan", "kernel small", "root", "verify", "boot files", "publish"];

    private SmallProject _project = null!;
    private int _changes;

    [OneTimeSetUp]
    public async Task MakeProject()
    {
        _project = await SmallProject.MakeAsync();
        await _project.PublishAsync();
    }

    [OneTimeTearDown]
    public void Delete() => _project?.Dispose();

    [Test]
    public async Task I_am_told_that_nothing_changed_and_nothing_is_done()
    {
        await _project.PublishAsync();
        var (exitCode, output, _) = await _project.RunAsync();

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
            using (var command = _project.Start())
            {
                await command.SeeAsync($"] {stage}: start");
                await Task.Delay(delay);
                Syscall.kill(command.Id, Signum.SIGKILL);
                await command.End();
            }

            await _project.AssertNothingRunsAsync(when);
            _project.AssertWhole(_project.Booted(), when);

            var after = await _project.PublishAsync();

            Assert.That(after, Is.Not.EqualTo(before), when);
            Assert.That(_project.Booted(), Is.EqualTo(after), when);
            _project.AssertWhole(after, when);
            AssertNoLeftovers(when);
        }
    }

    [TestCase("kernel small", Signum.SIGINT, 130)]
    [TestCase("root", Signum.SIGTERM, 143)]
    [TestCase("boot files", Signum.SIGHUP, 129)]
    public async Task I_can_interrupt_it_and_nothing_is_left_behind(string stage, Signum signal, int expected)
    {
        var before = Change();
        using (var command = _project.Start())
        {
            await command.SeeAsync($"] {stage}: start");
            Syscall.kill(command.Id, signal);
            var (exitCode, _, errors) = await command.End();

            Assert.That(exitCode, Is.EqualTo(expected), errors);
            Assert.That(errors, Does.Contain("interrupted by").And.Contain("What is published stays as it was"));
        }

        await _project.AssertNothingRunsAsync(stage);
        Assert.That(_project.Booted(), Is.EqualTo(before));
        AssertNoLeftovers(stage);
        Assert.That(await _project.PublishAsync(), Is.Not.EqualTo(before));
    }

    // Its kernel and hypervisor have the headers of real ones and nothing behind them.
    [Test]
    public async Task A_generation_that_does_not_boot_is_not_published()
    {
        Change();
        var before = CurrentState.Read(_project.Places);

        var (exitCode, _, errors) = await _project.RunInAsync(_project.Places.Prefix, _project.Store.Root, "--boot-test=yes", "--clients=1");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain("boot test: the boot ended after step").And.Contain("bios-xen: post01").And.Contain("Failed stage: boot test"));
        Assert.That(CurrentState.Read(_project.Places), Is.EqualTo(before));
        _project.AssertWhole(before.Root!, "after a boot test that failed");
        await _project.AssertNothingRunsAsync("after a boot test that failed");
        AssertNoLeftovers("after a boot test that failed");
    }

    [Test]
    public async Task I_can_start_it_twice_at_once_and_the_second_waits_and_says_for_whom()
    {
        Change();
        using var first = _project.Start();
        await first.SeeAsync("] kernel small: start");
        using var second = _project.Start();
        await second.SeeAsync($"waiting for another build to end: process {first.Id}, running since");
        var (exitCode, _, errors) = await first.End();
        var (secondCode, output, secondErrors) = await second.End();

        Assert.That((exitCode, secondCode), Is.EqualTo((0, 0)), errors + secondErrors);
        Assert.That(output, Does.Contain($"holds '{_project.Store.LockFile}'").And.Contain("Nothing changed"));
    }

    [Test]
    public async Task I_can_interrupt_one_that_waits_and_the_other_goes_on()
    {
        Change();
        using var first = _project.Start();
        await first.SeeAsync("] kernel small: start");
        using var second = _project.Start();
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
        var before = await _project.PublishAsync();
        _project.Mirror.Faults[file] = fault;
        try
        {
            // With nothing fetched yet: a store of its own.
            var (exitCode, _, errors) = await _project.RunInAsync(_project.Places.Prefix, $"{_project.Path}/empty-store", "--target=Kernels");

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain(expected).And.Contain($"Failed stage: {stage}").And.Not.Contain("   at "));
        }
        finally
        {
            _project.Mirror.Faults.Clear();
            SafeDelete.Tree($"{_project.Path}/empty-store");
        }

        Assert.That(await _project.PublishAsync(), Is.EqualTo(before));
    }

    [TestCase(0)]
    [TestCase(60_000)]
    [TestCase(1_000_000)]
    public async Task I_am_told_before_a_generation_is_begun_that_the_publishing_area_has_no_room_for_it(int left)
    {
        using var disk = new SmallDisk(48);

        var errors = await FailOnAsync(disk, () => disk.Fill(butFor: left));

        Assert.That(errors, Does.Contain("there is no room for generation small-").And.Contain("Nothing was written"));
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
        var before = await _project.PublishAsync();
        var store = Directory.CreateDirectory($"{_project.Path}/small-store").FullName;

        var (exitCode, _, errors) = await _project.RunOnSmallStoreAsync(store, size, "Kernels");

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Match("[Nn]o space left").And.Contain(store).And.Not.Contain("   at "));
        Assert.That(_project.Booted(), Is.EqualTo(before));
    }

    [Test]
    public async Task I_keep_the_last_stages_in_the_store_and_am_told_when_old_ones_are_deleted()
    {
        for (var i = 0; i < 8; i++)
        {
            var old = Directory.CreateDirectory(_project.Store.Finished("kernel", new($"{i}{new string('0', 63)}"))).FullName;
            File.WriteAllText($"{old}.used", "");
            File.SetLastWriteTimeUtc($"{old}.used", DateTime.UtcNow.AddDays(-20 - i));
        }

        Change();
        var (exitCode, output, errors) = await _project.RunAsync();

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Match(@"publish: done in .* places; \d+ old stages, packages, kernel trees and menus deleted, unused for 14 days"));
        Assert.That(Directory.Exists(_project.Store.Finished("kernel", new($"7{new string('0', 63)}"))), Is.False);
        Assert.That(Directory.GetDirectories(Path.Combine(_project.Store.Stages, "kernel")), Has.Length.GreaterThanOrEqualTo(6));
        Assert.That((await _project.RunAsync()).Output, Does.Contain("Nothing changed"), "what is used stays");
    }

    [Test]
    public async Task I_hear_before_a_kernel_is_compiled_that_it_cannot_be_dom0_and_one_without_EFI_is_for_BIOS()
    {
        var before = Change();
        try
        {
            _project.ChangeOptions(without: "BRIDGE");
            var (exitCode, output, errors) = await _project.RunAsync();

            Assert.That(exitCode, Is.Not.Zero);
            Assert.That(errors, Does.Contain("recipes/small.yaml:10:3: flavour 'small': the kernel lacks CONFIG_BRIDGE=y").And.Contain("Failed stage: kernel small"));
            Assert.That(File.ReadAllText(errors.Split("Full log: ")[1].Trim()), Does.Contain("allnoconfig").And.Not.Contain("bzImage"), "it was configured, not compiled");
            Assert.That(_project.Booted(), Is.EqualTo(before));

            _project.ChangeOptions(without: "EFI");
            (exitCode, output, errors) = await _project.RunAsync();

            Assert.That(exitCode, Is.Zero, errors);
            Assert.That(output, Does.Contain("kernel flavour 'small' is without the fragment 'efi': hosts that boot it have to start by BIOS"));
            Assert.That(_project.Booted(), Is.Not.EqualTo(before));
        }
        finally
        {
            _project.ChangeOptions(without: "");
        }
    }

    [Test]
    public async Task I_keep_what_the_next_build_needs_also_when_this_one_made_nothing_of_it()
    {
        await _project.PublishAsync();
        var store = _project.Store;
        string[] trees = [.. Directory.GetDirectories(store.KernelTrees)];
        string[] kept = [.. trees, .. Directory.GetFiles(store.PackageFiles, "*.deb", SearchOption.AllDirectories), .. store.AptStates, Write("packages/trixie-amd64/sample_1_amd64.deb")];
        string[] dropped = [Write("packages/trixie-amd64/dropped_1_amd64.deb"), Path.GetDirectoryName(Write("kernel-trees/build-amd64-dropped-linux-source-6.99-0123456789ab/vmlinux"))!];
        foreach (var entry in new[] { store.KernelTrees, store.Packages }.SelectMany(place => Directory.GetFileSystemEntries(place, "*", SearchOption.AllDirectories)).Where(path => !File.Exists(path) || path.EndsWith(".deb", StringComparison.Ordinal) || path.EndsWith(".used", StringComparison.Ordinal)))
        {
            File.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-20));
        }

        _project.ChangeOverlay("only the overlay\n");
        var (exitCode, output, errors) = await _project.RunAsync();

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

    // Gives the generation that is published.
    private string Change()
    {
        _changes++;
        _project.ChangeOverlay($"change {_changes}\n");
        _project.ChangeKernel($"change {_changes}");
        return _project.Booted();
    }

    // A first build, and a second one after the disk was filled: what it says. What was published stays, and with room the next one works.
    private async Task<string> FailOnAsync(SmallDisk disk, Action fill)
    {
        var prefix = Path.Combine(disk.Path, "prefix");
        Assert.That((await RunAsync()).ExitCode, Is.Zero);
        var places = new Places(prefix);
        var before = CurrentState.Read(places);
        Change();
        _project.ChangeOverlay(new string('x', 2_000_000));
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

        Task<(int ExitCode, string Output, string Errors)> RunAsync() => _project.RunInAsync(prefix, _project.Store.Root);
    }

    private void AssertNoLeftovers(string when)
    {
        Assert.That(Directory.GetFileSystemEntries(_project.Store.Work), Is.Empty, when);
        Assert.That(new GenerationAssembler(_project.Places).DeleteLeftovers(), Is.Empty, when);
    }
}
