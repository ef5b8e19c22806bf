using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

internal sealed class TmpfilesAgesSpecs
{
    private static readonly FlashList Flash = List(Entry("/tmp", "1777"), Entry("/var/tmp", "1777"), Entry("/var/log"));

    private TestImage _image = null!;

    [SetUp]
    public void SetUp()
    {
        _image = new TestImage();
        foreach (var directory in new[] { "/tmp", "/var/tmp", "/var/tmp/mine", "/var/tmp/private-1", "/var/tmp/private-1/tmp", "/usr/lib/tmpfiles.d", "/etc/tmpfiles.d" })
        {
            _image.Dir(directory, Mode("0755"));
        }

        _image.File("/usr/lib/tmpfiles.d/tmp.conf", "# Clear tmp\nq /tmp 1777 root root 10d\nq /var/tmp 1777 root root 1s\nX /var/tmp/private-*/tmp\nx /var/tmp/private-*\nd /var/log 0755 - - -\nD! /tmp/.X11-unix 1777 root root 10d\n");
        _image.File("/usr/lib/tmpfiles.d/mine.conf", "d /var/tmp/mine 0700 - - -\n");
        _image.File("/usr/lib/tmpfiles.d/masked.conf", "d /var/log 0755 - - 1d\n");
        _image.Link("/etc/tmpfiles.d/masked.conf", "/dev/null");
    }

    [TearDown]
    public void TearDown() => _image.Dispose();

    [Test]
    public async Task A_clients_cleaner_works_behind_the_links()
    {
        Assert.That(await CleanAsync(), Has.Member("/flash/var/tmp/old"), "nothing is cleaned behind a link");

        TmpfilesAges.Write(_image.Root, Flash);

        Assert.That(await CleanAsync(), Is.EqualTo(new[] { "/flash/tmp/old", "/flash/var/tmp/mine", "/flash/var/tmp/private-1", "/flash/var/tmp/private-1/tmp", "/flash/var/tmp/private-1/tmp/old" }));
    }

    [Test]
    public void I_find_what_the_image_says_of_its_writable_paths_and_no_more()
    {
        FlashRelocation.Relocate(_image.Root, Flash);

        TmpfilesAges.Write(_image.Root, Flash);
        TmpfilesAges.Write(_image.Root, Flash);

        Assert.That(_image.Read("/etc/tmpfiles.d/dom0-flash.conf").Split('\n')[1..], Is.EqualTo(new[]
        {
            "e /flash/var/tmp/mine - - - -", "e /flash/tmp - - - 10d", "e /flash/var/tmp - - - 1s", "X /flash/var/tmp/private-*/tmp - - - -", "x /flash/var/tmp/private-* - - - -", "",
        }));
    }

    [Test]
    public void I_find_nothing_of_it_in_an_image_that_cleans_nothing()
    {
        var list = List(Entry("/var/log"));
        FlashRelocation.Relocate(_image.Root, list);

        TmpfilesAges.Write(_image.Root, list);

        Assert.That(_image.Find("/etc/tmpfiles.d/dom0-flash.conf"), Is.Null);
    }

    // Files that are older than the second that the image keeps them; gives what is left.
    private async Task<string[]> CleanAsync()
    {
        if (_image.Find("/flash") is null)
        {
            FlashRelocation.Relocate(_image.Root, Flash);
        }

        foreach (var directory in new[] { "/flash/tmp", "/flash/var/tmp", "/flash/var/tmp/private-1/tmp" })
        {
            _image.File($"{directory}/old", "old");
        }

        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await new ToolRunner().RunAsync(new ToolCommand("systemd-tmpfiles", $"--root={_image.Root}", "--clean"));
        return [.. FileNode.Get(_image.Root + "/flash").Below().Select(node => node.Path[_image.Root.Length..]).Where(path => path.Split('/').Length > (path.StartsWith("/flash/var", StringComparison.Ordinal) ? 4 : 3))];
    }
}
