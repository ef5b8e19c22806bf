using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Archive;

/// <summary>With the real apt and a small signed archive.</summary>
internal sealed class PackageFetcherSpecs
{
    private TempDirectory _temp = null!;
    private SignedArchive _archive = null!;
    private FaultyMirror _mirror = null!;
    private StageContext _context = null!;

    [SetUp]
    public void MakeArchive()
    {
        _temp = new TempDirectory();
        _archive = new SignedArchive(_temp);
        _mirror = new FaultyMirror(_archive.Root);
        (_context, _) = BaseLayerHelp.Context(_temp.Path);
    }

    [TearDown]
    public void Delete()
    {
        _mirror.Dispose();
        _archive.Dispose();
        _temp.Dispose();
    }

    [Test]
    public async Task I_get_a_package_once_and_then_from_the_cache()
    {
        var first = await DownloadAsync(Fetcher());
        Assert.That(File.ReadAllBytes(first.Path), Is.EqualTo(File.ReadAllBytes(_archive.Package)));

        var second = await DownloadAsync(Fetcher());

        Assert.That(second, Is.EqualTo(first));
        Assert.That(_mirror.Answers.Count(answer => answer.EndsWith(".deb", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task I_see_the_download_at_the_stage_that_waits_for_it_and_not_at_the_one_that_asked_first()
    {
        var (fetcher, waiting) = (Fetcher(), new BaseLayerHelp.Told());

        await fetcher.DownloadAsync(await fetcher.FindAsync("sample"), waiting);

        Assert.That(waiting.Activities, Is.Not.Empty.And.All.StartsWith("downloading sample "));
        Assert.That(((BaseLayerHelp.Told)_context.Progress).Activities, Has.None.StartsWith("downloading"));
    }

    [Test]
    public async Task I_get_it_anew_when_the_cached_file_is_damaged()
    {
        var file = (await DownloadAsync(Fetcher())).Path;
        var content = File.ReadAllBytes(file);
        content[^1] ^= 1;
        File.WriteAllBytes(file, content);

        await DownloadAsync(Fetcher());

        Assert.That(File.ReadAllBytes(file), Is.EqualTo(File.ReadAllBytes(_archive.Package)));
    }

    [Test]
    public async Task I_ask_the_mirror_for_nothing_when_the_archive_is_as_it_was()
    {
        var state = new ArchiveState("as it was", DateTimeOffset.UnixEpoch, null);
        await DownloadAsync(Fetcher(state));
        var asked = _mirror.Answers.Count;

        await DownloadAsync(Fetcher(state));

        Assert.That(_mirror.Answers, Has.Count.EqualTo(asked));
        Assert.That(AptRuns("apt-get update"), Is.EqualTo(1));
        Assert.That(AptRuns("apt-cache show"), Is.EqualTo(1));
    }

    [Test]
    public async Task I_get_the_new_package_when_the_archive_has_changed()
    {
        await Fetcher(new ArchiveState("old", DateTimeOffset.UnixEpoch, null)).FindAsync("sample");

        await Fetcher(new ArchiveState("new", DateTimeOffset.UnixEpoch, null)).FindAsync("sample");

        Assert.That(AptRuns("apt-get update"), Is.EqualTo(2));
        Assert.That(AptRuns("apt-cache show"), Is.EqualTo(2));
    }

    [Test]
    public async Task I_can_go_on_without_the_mirror_when_all_is_there_and_am_told_why_not_when_it_is_not()
    {
        var problem = new Diagnostic("the mirror cannot be reached");
        var before = await DownloadAsync(Fetcher(new ArchiveState("as it was", DateTimeOffset.UnixEpoch, null)));
        var known = Fetcher(new ArchiveState("as it was", DateTimeOffset.UnixEpoch, problem));
        var unknown = Fetcher(new ArchiveState("never seen", DateTimeOffset.UnixEpoch, problem));
        _mirror.Dispose();

        Assert.That(await DownloadAsync(known), Is.EqualTo(before));
        var failure = Assert.ThrowsAsync<BuildFailedException>(() => unknown.FindAsync("sample"))!;
        Assert.That(failure.Diagnostics.Single(), Is.EqualTo(problem));
    }

    [Test]
    public async Task I_keep_a_package_that_builds_look_for_and_lose_it_when_none_does()
    {
        var state = new ArchiveState("as it was", DateTimeOffset.UnixEpoch, null);
        var file = (await DownloadAsync(Fetcher(state))).Path;
        Age();

        await Fetcher(state).FindAsync("sample");
        new StorePruning(_context.Store, TimeSpan.FromDays(14)).Prune(keep: 1);
        Assert.That(File.Exists(file), "what is made of it is in the store, and the file is not asked for");

        Age();
        new StorePruning(_context.Store, TimeSpan.FromDays(14)).Prune(keep: 1);
        Assert.That(Directory.GetDirectories(_context.Store.Packages, "apt-*").Append(file).Where(Path.Exists), Is.Empty);
        Assert.That((await DownloadAsync(Fetcher(state))).Path, Is.EqualTo(file));
        Assert.That(File.Exists(file));

        void Age()
        {
            foreach (var entry in Directory.GetFileSystemEntries(_context.Store.Packages, "*", SearchOption.AllDirectories))
            {
                File.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddDays(-20));
            }
        }
    }

    [TestCase(".deb", Fault.Tampered)]
    [TestCase(".deb", Fault.Truncated)]
    [TestCase(".deb", Fault.Missing)]
    [TestCase("InRelease", Fault.Tampered)]
    [TestCase("Packages", Fault.Tampered)]
    public void I_am_refused_what_is_not_as_it_was_signed(string file, Fault fault)
    {
        _mirror.Faults[file] = fault;

        var problem = Assert.ThrowsAsync(Is.InstanceOf<BuildFailedException>(), () => DownloadAsync(Fetcher()));

        Assert.That(problem!.Message, Does.Contain("apt-get"));
        Assert.That(Directory.Exists(Path.Combine(_context.Store.Packages, "files")), Is.False, "nothing of it is kept");
    }

    [Test]
    public void I_am_refused_an_archive_that_another_key_signed()
    {
        using var temp = new TempDirectory();
        using var other = new SignedArchive(temp);
        var source = new ArchiveSource(_mirror.Uri, _archive.Suite, ["main"], other.Keyring);

        var problem = Assert.ThrowsAsync(
            Is.InstanceOf<BuildFailedException>(), () => DownloadAsync(new PackageFetcher([source], "amd64", _context)));

        Assert.That(problem!.Message, Does.Contain("NO_PUBKEY").Or.Contain("not signed"));
    }

    [Test]
    public void I_am_told_the_nearest_name_of_a_package_that_is_not_there()
    {
        var problem = Assert.ThrowsAsync<BuildFailedException>(() => Fetcher().FindAsync("sampel"));

        Assert.That(problem!.Message, Does.Contain("no package 'sampel'").And.Contain("Did you mean 'sample'?"));
    }

    private int AptRuns(string command) => File.ReadLines(_temp["log"]).Count(line => line.StartsWith($"$ {command}", StringComparison.Ordinal));

    private async Task<DebFile> DownloadAsync(PackageFetcher fetcher) => await fetcher.DownloadAsync(await fetcher.FindAsync("sample"), _context.Progress);

    private PackageFetcher Fetcher(ArchiveState? state = null)
        => new([new ArchiveSource(_mirror.Uri, _archive.Suite, ["main"], _archive.Keyring)], "amd64", _context, state);
}
