using Dom0Image.BaseLayer;
using Dom0Image.Store;

namespace Dom0Image.Tests.Store;

internal sealed class StorePruningSpecs
{
    private static readonly TimeSpan TwoWeeks = TimeSpan.FromDays(14);

    private TempDirectory _temp = null!;

    private BuildStore Store => new(_temp.Path);

    [SetUp]
    public void MakeStore() => _temp = new TempDirectory();

    [TearDown]
    public void Delete() => _temp.Dispose();

    [TestCase("kernel-trees/source-linux-source-6.99-0123456789ab")]
    [TestCase("kernel-trees/build-amd64-small-linux-source-6.99-0123456789ab")]
    [TestCase("packages/apt-0123456789ab")]
    [TestCase("packages/files/01/0123456789ab")]
    public void I_lose_what_no_build_used_for_two_weeks(string place)
    {
        Make(place + "-old", age: 20, used: 15);
        Make(place + "-used", age: 20, used: 13);
        Make(place + "-never-noted", age: 20, used: null);
        Make(place + "-made-now", age: 0, used: null);

        var pruned = new StorePruning(Store, TwoWeeks).Prune(keep: 6);

        Assert.That(pruned, Is.EquivalentTo(new[] { _temp[place + "-old"], _temp[place + "-never-noted"] }));
        Assert.That(pruned.Where(Path.Exists), Is.Empty);
        Assert.That(File.Exists(_temp[place + "-old.used"]), Is.False);
        Assert.That(File.ReadAllText(_temp[place + "-used/below/file"]), Is.EqualTo("content"));
        Assert.That(Directory.Exists(_temp[place + "-made-now"]));
        Assert.That(Directory.GetFileSystemEntries(Store.Work), Is.Empty);
    }

    [TestCase("ccache")]
    [TestCase("archives")]
    [TestCase("logs/20260101-000000-1")]
    public void I_keep_what_has_limits_of_its_own(string place)
    {
        Make(place, age: 90, used: null);

        Assert.That(new StorePruning(Store, TwoWeeks).Prune(keep: 6), Is.Empty);
        Assert.That(File.Exists(_temp[$"{place}/below/file"]));
    }

    [Test]
    public async Task I_keep_the_packages_of_base_layers_in_use_and_am_lent_no_others()
    {
        var cache = new PackageCache(Store.PackageCache("trixie", "amd64"));
        string[] names = ["used_1%3a2-3_amd64.deb", "used_1%3a2-2_amd64.deb", "dropped_1_all.deb", "all_4_all.deb"];
        foreach (var name in names)
        {
            _temp.Write($"fetched/{name}", name);
        }

        await cache.KeepAsync(_temp["fetched"]);
        Assert.That(new StorePruning(Store, TwoWeeks).Prune(keep: 6), Is.Empty, "fetched just now, however old a mirror says they are");
        foreach (var name in names)
        {
            File.SetLastWriteTimeUtc(_temp[$"packages/trixie-amd64/{name}"], DateTime.UtcNow.AddDays(-20));
        }

        cache.NoteUseOf(_temp.Write("packages.txt", "used 1:2-3 amd64\nall 4 all\nnot-there 1 amd64\n"));
        var pruned = new StorePruning(Store, TwoWeeks).Prune(keep: 6);
        await cache.LendAsync(_temp.Make("lent"), CancellationToken.None);

        Assert.That(pruned.Select(Path.GetFileName), Is.EquivalentTo(new[] { "used_1%3a2-2_amd64.deb", "dropped_1_all.deb" }));
        Assert.That(Directory.GetFiles(_temp["lent"]).Select(Path.GetFileName), Is.EquivalentTo(new[] { "used_1%3a2-3_amd64.deb", "all_4_all.deb" }));
    }

    // Ages in days.
    private void Make(string place, int age, int? used)
    {
        _temp.Write($"{place}/below/file", "content");
        Directory.SetLastWriteTimeUtc(_temp[place], DateTime.UtcNow.AddDays(-age));
        if (used is { } days)
        {
            File.SetLastWriteTimeUtc(_temp.Write($"{place}.used"), DateTime.UtcNow.AddDays(-days));
        }
    }
}
