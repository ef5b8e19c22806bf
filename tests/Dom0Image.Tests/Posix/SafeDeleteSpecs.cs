using Dom0Image.Posix;

namespace Dom0Image.Tests.Posix;

public sealed class SafeDeleteSpecs
{
    [Test]
    public void I_keep_what_links_in_a_deleted_tree_point_to()
    {
        using var temp = new TempDirectory();
        var precious = temp.Write("precious/file", "x");
        var tree = temp.Make("tree/below");
        File.CreateSymbolicLink(temp["tree/to-file"], precious);
        Directory.CreateSymbolicLink(temp["tree/below/to-directory"], temp["precious"]);
        File.CreateSymbolicLink(temp["tree/dangling"], "/nowhere");
        temp.Write("tree/below/.hidden ü \\040");

        SafeDelete.Tree(temp["tree"]);

        Assert.Multiple(() =>
        {
            Assert.That(Path.Exists(tree), Is.False);
            Assert.That(Path.Exists(temp["tree"]), Is.False);
            Assert.That(File.Exists(precious));
        });
    }

    [Test]
    public void I_lose_only_the_link_when_the_tree_to_delete_is_a_link()
    {
        using var temp = new TempDirectory();
        temp.Write("precious/file");
        Directory.CreateSymbolicLink(temp["link"], temp["precious"]);

        SafeDelete.Tree(temp["link"]);

        Assert.That(File.Exists(temp["precious/file"]));
        Assert.That(new FileInfo(temp["link"]).LinkTarget, Is.Null);
    }

    [Test]
    public void I_can_delete_what_is_not_there()
    {
        using var temp = new TempDirectory();

        Assert.That(() => SafeDelete.Tree(temp["not/there"]), Throws.Nothing);
    }

    [TestCase("--bind")]
    [TestCase("--rbind")]
    public void I_keep_what_is_mounted_in_a_tree_to_delete(string how)
    {
        using var temp = new TempDirectory();
        var precious = temp.Write("precious/file");
        temp.Make("tree/a mount");
        temp.Write("tree/b");

        var (exitCode, _, errors) = HostProcess.Run(["unshare", "--mount", "--propagation", "private", "--"], "delete-with-mount", how, temp["precious"], temp["tree/a mount"], temp["tree"]);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain($"something is mounted in it: {temp["tree/a mount"]}").And.Contain("umount"));
        Assert.That(File.Exists(precious));
        Assert.That(File.Exists(temp["tree/b"]), "nothing else is deleted either");
    }
}
