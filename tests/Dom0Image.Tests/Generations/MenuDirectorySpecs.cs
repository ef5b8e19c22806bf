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

        // The one is no longer than a key, the other of a key's digits.
        Directory.CreateDirectory(sample["/tftpboot/menus/kept-by-hand"]);
        Directory.CreateDirectory(sample["/tftpboot/menus/abc"]);
        Age(sample);
        sample.Finish("fourth");
        sample.Publish("fourth", "dddddddddddd");

        var deleted = MenuDirectory.DeleteUnused(sample.Places, TwoWeeks);

        Assert.That(deleted, Is.EquivalentTo(new[] { sample["/tftpboot/menus/aaaaaaaaaaaa"], sample["/tftpboot/menus/bbbbbbbbbbbb"] }));
        Assert.That(
            Directory.GetFileSystemEntries(sample["/tftpboot/menus"]).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { "cccccccccccc", "dddddddddddd", "kept-by-hand", "abc" }), "what clients had until now stays");
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

    [Test]
    public void Menus_stay_where_they_were_built_unless_nobody_needs_them_there()
    {
        using var sample = new Sample();
        sample.Finish("one");
        var request = sample.Request("one");

        new Publication(sample.Places).Publish(request);
        Assert.That(Directory.Exists(request.Menus.Directory));
        new Publication(sample.Places).Publish(request with { Menus = request.Menus with { Key = "0123456789ab", MayBeMoved = true } });

        Assert.That(Directory.Exists(request.Menus.Directory), Is.False);
        Assert.That(File.ReadAllText(sample["/tftpboot/menus/0123456789ab/post01.conf"]), Does.StartWith("multiboot2"));
    }

    [Test]
    public void Menus_that_were_built_on_another_disk_are_published_all_the_same()
    {
        using var disk = new SmallDisk(mebibytes: 4);
        using var sample = new Sample(disk.Path);
        sample.Finish("one");
        var request = sample.Request("one");

        new Publication(sample.Places).Publish(request with { Menus = request.Menus with { MayBeMoved = true } });

        Assert.That(File.ReadAllText(sample["/tftpboot/grub/post01.conf"]), Does.StartWith("multiboot2"));
        Assert.That(MenuDirectory.Stands(sample.Places, request.Menus));
    }

    private static readonly TestCaseData[] Edits =
    [
        new TestCaseData((string set) => File.AppendAllText($"{set}/dom0.conf", "# mine")).SetArgDisplayNames("a menu is written to"),
        new TestCaseData((string set) => File.Delete($"{set}/post01.conf")).SetArgDisplayNames("a link is deleted"),
        new TestCaseData((string set) => File.WriteAllText($"{set}/post02.conf", "mine")).SetArgDisplayNames("a menu is added"),
        new TestCaseData((string set) => Relink($"{set}/post01.conf", "more")).SetArgDisplayNames("a link leads elsewhere"),
        new TestCaseData((string set) => { File.Delete($"{set}/none.conf"); Directory.CreateDirectory($"{set}/none.conf"); }).SetArgDisplayNames("a menu of nothing is a directory"),
        new TestCaseData((string set) => Directory.Delete($"{set}/more")).SetArgDisplayNames("a directory of nothing is deleted"),
    ];

    [TestCaseSource(nameof(Edits))]
    public void Menus_that_were_edited_by_hand_are_swapped_for_the_built_ones(Action<string> edit)
    {
        using var sample = new Sample();
        sample.Finish("one");
        var request = sample.Request("one");
        Directory.CreateDirectory($"{request.Menus.Directory}/more");
        File.WriteAllText($"{request.Menus.Directory}/none.conf", "");
        new Publication(sample.Places).Publish(request);
        var set = sample[$"{Places.Menus}/{request.Menus.Key}"];
        Assert.That(MenuDirectory.Stands(sample.Places, request.Menus));
        edit(set);
        Assert.That(MenuDirectory.Stands(sample.Places, request.Menus), Is.False);

        new Publication(sample.Places).Publish(request);

        Assert.That(MenuDirectory.Stands(sample.Places, request.Menus));
        Assert.That(Directory.GetFileSystemEntries(sample[Places.Menus]), Is.EqualTo(new[] { set }), "nothing is left of those that were edited");
    }

    private static void Relink(string link, string target)
    {
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
    }

    private static void Age(Sample sample)
    {
        foreach (var set in Directory.GetDirectories(sample["/tftpboot/menus"]))
        {
            Directory.SetLastWriteTimeUtc(set, DateTime.UtcNow.AddDays(-20));
        }
    }
}
