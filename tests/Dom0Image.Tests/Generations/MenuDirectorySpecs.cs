using Dom0Image.Generations;

namespace Dom0Image.Tests.Generations;

internal sealed class MenuDirectorySpecs
{
    private static readonly TimeSpan TwoWeeks = TimeSpan.FromDays(14);

    [Test]
    public void I_keep_the_menus_of_the_last_two_weeks_for_clients_that_read_them_and_lose_older_ones()
    {
        using var sample = new Sample();
        foreach (var (name, key) in new[] { ("first", "aaaaaaaaaaaa"), ("second", "bbbbbbbbbbbb"), ("third", "cccccccccccc") })
        {
            sample.Finish(name);
            sample.Publish(name, key);
            Age(sample);
        }

        Directory.CreateDirectory(sample["/tftpboot/menus/by-hand"]);
        Age(sample);
        sample.Finish("fourth");
        sample.Publish("fourth", "dddddddddddd");

        var deleted = MenuDirectory.DeleteUnused(sample.Places, TwoWeeks);

        Assert.That(deleted, Is.EquivalentTo(new[] { sample["/tftpboot/menus/aaaaaaaaaaaa"], sample["/tftpboot/menus/bbbbbbbbbbbb"] }));
        Assert.That(
            Directory.GetFileSystemEntries(sample["/tftpboot/menus"]).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "cccccccccccc", "dddddddddddd", "by-hand" }), "what clients had until now stays");
    }

    [Test]
    public void I_keep_the_current_menus_however_old()
    {
        using var sample = new Sample();
        sample.Finish("first");
        sample.Publish("first", "aaaaaaaaaaaa");
        Age(sample);

        Assert.That(MenuDirectory.DeleteUnused(sample.Places, TwoWeeks), Is.Empty);
        Assert.That(File.Exists(sample["/tftpboot/grub/post01.conf"]));
    }

    private static void Age(Sample sample)
    {
        foreach (var set in Directory.GetDirectories(sample["/tftpboot/menus"]))
        {
            Directory.SetLastWriteTimeUtc(set, DateTime.UtcNow.AddDays(-20));
        }
    }
}
