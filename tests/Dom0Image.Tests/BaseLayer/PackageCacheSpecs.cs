using Dom0Image.BaseLayer;

namespace Dom0Image.Tests.BaseLayer;

internal sealed class PackageCacheSpecs
{
    [Test]
    public async Task I_get_packages_back_as_they_were_and_damaged_ones_not_at_all()
    {
        using var temp = new TempDirectory();
        var cache = new PackageCache(temp["cache"]);
        temp.Write("fetched/good_1_amd64.deb", "good");
        temp.Write("fetched/bad_1_amd64.deb", "fine");
        await cache.KeepAsync(temp["fetched"]);
        temp.Write("cache/bad_1_amd64.deb", "evil");
        temp.Write("cache/stray_1_amd64.deb", "never verified");

        await cache.LendAsync(temp.Make("lent"), CancellationToken.None);

        Assert.That(Directory.GetFiles(temp["lent"]).Select(Path.GetFileName), Is.EqualTo(new[] { "good_1_amd64.deb" }));
        Assert.That(File.ReadAllText(temp["lent/good_1_amd64.deb"]), Is.EqualTo("good"));
        Assert.That(File.Exists(temp["cache/bad_1_amd64.deb"]), Is.False);
    }
}
