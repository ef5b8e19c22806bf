using Dom0Image.Diagnostics;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.RootFs;

internal sealed class FlashRelocationSpecs
{
    [TestCase("/var/log/file/../../target")]
    [TestCase("/var/log/missing/../../target")]
    public void A_link_that_leads_nowhere_leads_nowhere_afterwards(string target)
    {
        using var image = new TestImage();
        image.File("/var/log/file", "");
        image.File("/var/target", "");
        image.Link("/usr/lib/broken", target);

        FlashRelocation.Relocate(image.Root, TestImage.List(TestImage.Entry("/var/log")));

        Assert.That(KernelView.Of(image.Root, "/usr/lib/broken"), Is.Null);
    }

    [Test]
    public void I_find_a_writable_path_under_its_old_name_through_an_absolute_link()
    {
        using var image = new TestImage();
        image.File("/var/log/messages", "hello", Mode("0640"), 0, 4);

        FlashRelocation.Relocate(image.Root, List(Entry("/var/log", "2775", group: "adm")));

        Assert.Multiple(() =>
        {
            Assert.That(image.Find("/var/log")!.Value.Target, Is.EqualTo("/flash/var/log"));
            Assert.That(image.Read("/var/log/messages"), Is.EqualTo("hello"));
            Assert.That(image.Find("/flash/var/log")!.Value.Mode, Is.EqualTo(Mode("2775")));
            Assert.That(image.Find("/flash/var/log")!.Value.Gid, Is.EqualTo(4));
            Assert.That(image.Find("/flash/var/log/messages")!.Value.Mode, Is.EqualTo(Mode("0640")));
            Assert.That(image.Find("/flash/var")!.Value.Mode, Is.EqualTo(Mode("0755")));
        });
    }

    [Test]
    public void I_get_missing_paths_made_as_the_list_has_them()
    {
        using var image = new TestImage();

        FlashRelocation.Relocate(image.Root, List(
            Entry("/etc/machine-id", "0444", FlashStart.Empty, FlashKind.File),
            Entry("/etc/resolv.conf", "0", FlashStart.Content, FlashKind.Symlink) with { Target = "../run/resolv.conf" },
            Entry("/var/lib/xend/state", "0700", owner: "xend", group: "109")));

        Assert.Multiple(() =>
        {
            Assert.That(image.Find("/etc/machine-id")!.Value.Target, Is.EqualTo("/flash/etc/machine-id"));
            Assert.That(image.Find("/flash/etc/machine-id")!.Value.Mode, Is.EqualTo(Mode("0444")));
            Assert.That(image.Find("/flash/etc/resolv.conf")!.Value.Target, Is.EqualTo("/run/resolv.conf"));
            Assert.That(image.Find("/flash/var/lib/xend/state")!.Value.Uid, Is.EqualTo(107));
            Assert.That(image.Find("/var/lib/xend/state")!.Value.Target, Is.EqualTo("/flash/var/lib/xend/state"));
        });
    }

    [Test]
    public void I_list_a_child_of_a_writable_path_and_it_moves_with_its_parent_with_its_own_mode()
    {
        using var image = new TestImage();
        image.Dir("/var/lib/a", Mode("0755"));

        FlashRelocation.Relocate(image.Root, List(Entry("/var/lib"), Entry("/var/lib/a", "1777"), Entry("/var/lib/b/c", "0700")));

        Assert.Multiple(() =>
        {
            Assert.That(image.Find("/flash/var/lib/a")!.Value.Mode, Is.EqualTo(Mode("1777")));
            Assert.That(image.Find("/flash/var/lib/b/c")!.Value.IsDirectory);
            Assert.That(image.Find("/flash/var/lib/b")!.Value.Mode, Is.EqualTo(Mode("0755")));
        });
    }

    [Test]
    public void I_keep_links_that_climb_out_of_a_moved_directory()
    {
        using var image = new TestImage();
        image.File("/var/outside", "here");
        image.Dir("/var/log/deep", Mode("0755"));
        image.Link("/var/log/deep/climbs", "../../outside");
        image.Link("/var/log/deep/stays", "../inside");
        image.File("/var/log/inside", "in");

        FlashRelocation.Relocate(image.Root, List(Entry("/var/log")));

        Assert.Multiple(() =>
        {
            Assert.That(image.Read("/var/log/deep/climbs"), Is.EqualTo("here"));
            Assert.That(image.Read("/var/log/deep/stays"), Is.EqualTo("in"));
            Assert.That(image.Find("/flash/var/log/deep/stays")!.Value.Target, Is.EqualTo("../inside"));
        });
    }

    [Test]
    public void I_get_all_that_does_not_fit_in_one_go_and_an_unchanged_image()
    {
        using var image = new TestImage();
        image.Dir("/run", Mode("0755"));
        image.Link("/var/run", "/run");
        image.File("/var/lib/file", "x");
        var where = new SourceLocation("recipes/small.yaml", 12, 5);

        var problem = Assert.Throws<BuildFailedException>(() => FlashRelocation.Relocate(image.Root, List(
            Entry("/var/log"),
            Entry("/var/run/xend") with { Where = where },
            Entry("/var/run"),
            Entry("/var/lib/file"),
            Entry("/var/lib/new", owner: "xemd"))))!;

        Assert.Multiple(() =>
        {
            Assert.That(problem.Diagnostics, Has.Count.EqualTo(3));
            Assert.That(problem.Message, Does.Contain("/var/lib/file is a file in the image, and a directory in the list"));
            Assert.That(problem.Message, Does.Contain("/var/run is a symlink to /run"));
            Assert.That(problem.Message, Does.Contain("the image has no user 'xemd'").And.Contain("Did you mean 'xend'?"));
            Assert.That(image.Find("/var/log")!.Value.IsDirectory, "nothing was moved");
            Assert.That(image.Find("/flash"), Is.Null);
        });
    }

    [Test]
    public void I_learn_that_a_path_leads_through_a_link_and_what_to_list()
    {
        using var image = new TestImage();
        image.Dir("/run", Mode("0755"));
        image.Link("/var/run", "../run");
        var where = new SourceLocation("recipes/small.yaml", 12, 5);

        var problem = Assert.Throws<BuildFailedException>(() => FlashRelocation.Relocate(image.Root, List(Entry("/var/run/xend") with { Where = where })))!;

        Assert.That(problem.Message, Does.StartWith("recipes/small.yaml:12:5: ").And.Contain("/var/run -> ../run").And.Contain("/run/xend"));
    }
}
