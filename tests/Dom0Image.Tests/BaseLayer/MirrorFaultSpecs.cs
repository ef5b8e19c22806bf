using System.Collections.Immutable;
using System.Diagnostics;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.BaseLayer;

/// <summary>What a user is told when the mirror misbehaves, and that nothing half-made stays behind.</summary>
internal sealed class MirrorFaultSpecs
{
    private TempDirectory _temp = null!;
    private SignedArchive _archive = null!;
    private FaultyMirror _mirror = null!;
    private StageContext _context = null!;
    private BaseLayerHelp.Told _told = null!;

    [SetUp]
    public void SetUp()
    {
        _temp = new TempDirectory();
        _archive = new SignedArchive(_temp);
        _mirror = new FaultyMirror(_archive.Root);
        (_context, _told) = BaseLayerHelp.Context(_temp.Path);
    }

    [TearDown]
    public void TearDown()
    {
        _mirror.Dispose();
        _archive.Dispose();
        _temp.Dispose();
    }

    [TestCase(Fault.Missing, "has no suite 'trixie'")]
    [TestCase(Fault.Truncated, "cannot be reached")]
    [TestCase(Fault.Tampered, "signature of trixie")]
    public void I_am_told_when_the_release_file_is_bad(Fault fault, string expected)
    {
        _mirror.Faults["/InRelease"] = fault;

        var problem = Assert.ThrowsAsync<BuildFailedException>(MakeAsync)!;

        Assert.That(problem.Message, Does.Contain(expected));
        Assert.That(problem.Diagnostics[0].Hint, Is.Not.Empty);
        NothingHalfMadeIsLeft();
    }

    [Test]
    public void I_am_told_when_somebody_else_signed_the_archive()
    {
        using var other = new TempDirectory();
        using var others = new SignedArchive(other);
        File.Copy(others.Release, _archive.Release, overwrite: true);

        var problem = Assert.ThrowsAsync<BuildFailedException>(MakeAsync)!;

        Assert.That(problem.Message, Does.Contain("signature of trixie").And.Contain(_archive.Keyring));
    }

    [Test]
    public void I_am_told_when_a_mirror_serves_another_suite_under_the_name()
    {
        _archive.Sign(DateTime.UtcNow, suite: "bookworm");

        var problem = Assert.ThrowsAsync<BuildFailedException>(MakeAsync)!;

        Assert.That(problem.Message, Does.Contain("answers with suite 'bookworm' when asked for 'trixie'"));
    }

    [Test]
    public void I_am_told_when_the_mirror_was_never_reached()
    {
        var sources = Sources;
        _mirror.Dispose();

        var problem = Assert.ThrowsAsync<BuildFailedException>(() => MakeAsync(sources))!;

        Assert.That(problem.Message, Does.Contain("cannot be reached").And.Contain("--mirror="));
        NothingHalfMadeIsLeft();
    }

    [Test]
    public async Task A_mirror_that_is_gone_does_not_stop_a_build_that_has_its_base_layer()
    {
        var recipe = BaseLayerHelp.Recipe("trixie", _archive.Keyring);
        var sources = Sources;
        var state = await ArchiveState.ReadAsync(sources, _context);
        var finished = Directory.CreateDirectory(_context.Store.Finished(BaseLayerStage.Name, BaseLayerStage.KeyOf(recipe, sources, state)));
        File.WriteAllText(Path.Combine(finished.FullName, "packages.txt"), "sample 1 amd64\n");
        _mirror.Dispose();

        var layer = await BaseLayerStage.MakeAsync(recipe, sources, await ArchiveState.ReadAsync(sources, _context), _context);

        Assert.That(layer.Output.Cached, Is.True);
        Assert.That(_told.Warnings, Has.Exactly(1).Contains("cannot be reached").And.Exactly(1).Contains("going on with the base layer"));
    }

    [Test]
    public async Task I_get_a_new_key_only_when_the_archive_changed()
    {
        var first = await ArchiveState.ReadAsync(Sources, _context);
        var watch = Stopwatch.StartNew();
        var second = await ArchiveState.ReadAsync(Sources, _context);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(50)), "a fraction of a second on a machine that is not busy");
        _archive.Sign(DateTime.UtcNow.AddHours(1));
        var third = await ArchiveState.ReadAsync(Sources, _context);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(third.Digest, Is.Not.EqualTo(first.Digest));
        Assert.That(_mirror.Answers, Is.EqualTo(Enumerable.Repeat("200 /dists/trixie/InRelease", 3)));
    }

    [Test]
    public async Task A_mirror_that_goes_back_to_an_older_state_is_not_believed()
    {
        _archive.Sign(DateTime.UtcNow);
        var known = await ArchiveState.ReadAsync(Sources, _context);
        _archive.Sign(DateTime.UtcNow.AddDays(-2));

        var state = await ArchiveState.ReadAsync(Sources, _context);

        Assert.That(state.Digest, Is.EqualTo(known.Digest));
        Assert.That(state.Problem?.What, Does.Contain("older than the one it had before"));
        Assert.That(Assert.ThrowsAsync<BuildFailedException>(MakeAsync)!.Message, Does.Contain("older than the one it had before"));
    }

    [TestCase("", true)]
    [TestCase("Acquire::Check-Valid-Until \"true\";", true)]
    [TestCase("Acquire::Check-Valid-Until \"false\";", false)]
    public async Task I_am_told_of_a_mirror_that_is_not_updated_any_more_unless_my_apt_does_not_mind(string setting, bool told)
    {
        var reader = new ReleaseFileReader(AptConfig.Parse([setting]), _context);
        _archive.Sign(DateTime.UtcNow.AddDays(-9), validUntil: DateTime.UtcNow.AddDays(-2));
        Assert.That((await reader.ReadAsync(Sources[0])).Problem?.What, told ? Does.Contain("was valid until") : Is.Null);

        _archive.Sign(DateTime.UtcNow, validUntil: DateTime.UtcNow.AddDays(7));
        Assert.That((await reader.ReadAsync(Sources[0])).Problem, Is.Null);
    }

    [Test]
    public async Task I_get_the_state_of_an_old_suite_whose_signature_is_a_file_of_its_own()
    {
        _archive.Detach();
        var first = await ArchiveState.ReadAsync(Sources, _context);
        var second = await ArchiveState.ReadAsync(Sources, _context);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(_mirror.Answers, Is.EqualTo(new[]
        {
            "404 /dists/trixie/InRelease", "200 /dists/trixie/Release", "200 /dists/trixie/Release.gpg",
            "404 /dists/trixie/InRelease", "200 /dists/trixie/Release", "200 /dists/trixie/Release.gpg",
        }));

        var sources = Sources;
        _mirror.Dispose();
        var offline = await ArchiveState.ReadAsync(sources, _context);
        Assert.That(offline.Digest, Is.EqualTo(first.Digest));
        Assert.That(offline.Problem?.What, Does.Contain("cannot be reached"));
    }

    [TestCase("/Release", Fault.Tampered, "signature of trixie")]
    [TestCase("/Release.gpg", Fault.Tampered, "signature of trixie")]
    [TestCase("/Release.gpg", Fault.Missing, "Release.gpg is not there")]
    public void I_am_told_when_a_signature_of_its_own_is_bad(string file, Fault fault, string expected)
    {
        _archive.Detach();
        _mirror.Faults[file] = fault;

        var problem = Assert.ThrowsAsync<BuildFailedException>(MakeAsync)!;

        Assert.That(problem.Message, Does.Contain(expected));
        NothingHalfMadeIsLeft();
    }

    [Test]
    public async Task I_keep_the_last_good_state_when_a_bad_one_comes()
    {
        var good = await ArchiveState.ReadAsync(Sources, _context);
        _archive.Sign(DateTime.UtcNow.AddHours(1));
        _mirror.Faults["/InRelease"] = Fault.Tampered;
        Assert.ThrowsAsync<BuildFailedException>(() => ArchiveState.ReadAsync(Sources, _context));
        var sources = Sources;
        _mirror.Dispose();

        var kept = await ArchiveState.ReadAsync(sources, _context);

        Assert.That(kept.Digest, Is.EqualTo(good.Digest));
    }

    [Test]
    public async Task I_get_the_state_anew_when_the_kept_one_was_damaged()
    {
        var good = await ArchiveState.ReadAsync(Sources, _context);
        var kept = KeptReleases.Single();
        File.WriteAllText(kept, "torn");

        Assert.That(await ArchiveState.ReadAsync(Sources, _context), Is.EqualTo(good));
    }

    [Category("Slow")]
    [TestCase("Packages", Fault.Tampered, "not what the signed lists say")]
    [TestCase(".deb", Fault.Tampered, "not what the signed lists say")]
    [TestCase(".deb", Fault.Truncated, "not what the signed lists say|stopped sending|cannot be reached")]
    [TestCase(".deb", Fault.Missing, "a file is missing on the mirror")]
    public void I_am_told_when_a_file_of_the_archive_is_bad(string file, Fault fault, string expected)
    {
        _mirror.Faults[file] = fault;

        var problem = Assert.ThrowsAsync<BuildFailedException>(MakeAsync)!;

        Assert.That(problem.Message, Does.StartWith("no base layer was made: ").And.Match(expected));
        Assert.That(problem.Diagnostics[0].Hint, Is.Not.Empty);
        NothingHalfMadeIsLeft();
    }

    [Test]
    [Category("Integration")]
    public void I_am_told_when_the_mirror_stops_in_the_middle_of_a_package()
    {
        _mirror.Faults[".deb"] = Fault.Stalled;

        var problem = Assert.ThrowsAsync<BuildFailedException>(MakeAsync)!;

        Assert.That(problem.Message, Does.Contain("the mirror stopped sending"));
        NothingHalfMadeIsLeft();
    }

    [Test]
    [Category("Slow")]
    public void I_am_told_when_the_disk_is_full()
    {
        using var big = new TempDirectory();
        using var archive = new SignedArchive(big, payload: 4 << 20);
        using var mirror = new FaultyMirror(archive.Root);
        var store = _temp.Make("small");

        var start = new ProcessStartInfo("env",
        [
            .. Isolation.Mounts.Makers, .. Isolation.Mounts.Words("mount -t tmpfs -o size=2M small \"$1\" && shift && exec \"$@\""), store,
            "dotnet", Path.Combine(TestContext.CurrentContext.TestDirectory, "Dom0Image.TestHost.dll"), "base-layer", store, $"{mirror.Uri}", archive.Keyring,
        ])
        { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.That(process.ExitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("disk").And.Contain("full").And.Contain(store));
    }

    private ImmutableArray<ArchiveSource> Sources => [new(_mirror.Uri, "trixie", ["main"], _archive.Keyring)];

    private Task<BaseLayerArchive> MakeAsync() => MakeAsync(Sources);

    private async Task<BaseLayerArchive> MakeAsync(ImmutableArray<ArchiveSource> sources)
        => await BaseLayerStage.MakeAsync(BaseLayerHelp.Recipe("trixie", _archive.Keyring), sources, await ArchiveState.ReadAsync(sources, _context), _context);

    private string[] KeptReleases => Directory.GetFiles(Path.Combine(_context.Store.Root, "archives"));

    private void NothingHalfMadeIsLeft()
    {
        Assert.That(KeptReleases.Where(file => file.EndsWith(".new", StringComparison.Ordinal) || file.EndsWith(".gpg", StringComparison.Ordinal)), Is.Empty);
        var finished = Path.Combine(_context.Store.Root, "stages");
        Assert.That(Directory.Exists(finished) ? Directory.GetFileSystemEntries(finished, "*", SearchOption.AllDirectories) : [], Is.Empty);
        Assert.That(Directory.Exists(_context.Store.Work) ? Directory.GetDirectories(_context.Store.Work, "bootstrap-*") : [], Is.Empty);
    }
}
