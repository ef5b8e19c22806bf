using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.Posix;

internal sealed class SafeDeleteSpecs
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

        var (exitCode, _, errors) = HostProcess.Run(Isolation.Mounts.Around([]), "delete-with-mount", how, temp["precious"], temp["tree/a mount"], temp["tree"]);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain($"something is mounted in it: {temp["tree/a mount"]}").And.Contain("umount"));
        Assert.That(File.Exists(precious));
        Assert.That(File.Exists(temp["tree/b"]), "nothing else is deleted either");
    }

    [TestCase("+i", "tree/below/file")]
    [TestCase("+a", "tree/below/file")]
    [TestCase("+i", "tree/below")]
    [TestCase("+i", "tree")]
    [TestCase("+a", "tree")]
    public async Task I_can_delete_what_chattr_protected(string flag, string what)
    {
        using var temp = new TempDirectory();
        temp.Write("tree/below/file");
        temp.Write("tree/below/other");
        await ChattrAsync(flag, temp[what]);

        SafeDelete.Tree(temp["tree"]);

        Assert.That(Path.Exists(temp["tree"]), Is.False);
    }

    [Test]
    public void I_can_delete_names_that_are_no_text()
    {
        using var temp = new TempDirectory();
        var directory = $"{temp.Make("tree")}/{ByteName.FromBytes([0xFF, (byte)'d'])}";
        FileChange.MakeDirectory(directory, 0b111_000_000);
        FileChange.MakeFile($"{directory}/{ByteName.FromBytes([0xC3])}", [], 0b110_000_000);

        SafeDelete.Tree(temp["tree"]);

        Assert.That(Path.Exists(temp["tree"]), Is.False);
    }

    // Without the right to take the flag off, as in many containers.
    [Test]
    public async Task I_can_build_on_when_a_leftover_cannot_be_deleted_and_am_told_once()
    {
        using var temp = new TempDirectory();
        var store = new BuildStore(temp["store"]);
        var places = new Places(temp["prefix"]);
        foreach (var leftover in new[] { "store/work/left", "prefix/opt/ondemand/generations/.staging-left" })
        {
            await ChattrAsync("+i", temp.Write($"{leftover}/deep/file"));
        }

        try
        {
            var (exitCode, told, errors) = RunWithoutRight(store.Root, places.Prefix);
            var again = RunWithoutRight(store.Root, places.Prefix);

            Assert.That(exitCode, Is.Zero, errors);
            Assert.That(told, Does.Contain($"cannot delete '{store.Work}/left/deep/file': Operation not permitted; it is set aside as '{store.Work}/.set-aside-"));
            Assert.That(told, Does.Contain("/.staging-left/deep/file': Operation not permitted; it is set aside as '"));
            Assert.That(Path.Exists($"{store.Work}/left"), Is.False);
            Assert.That((again.ExitCode, again.Output), Is.EqualTo((0, "")), "later runs leave it alone");
        }
        finally
        {
            SafeDelete.Tree(temp["store"]);
            SafeDelete.Tree(temp["prefix"]);
        }

        static (int ExitCode, string Output, string Errors) RunWithoutRight(string store, string prefix)
            => HostProcess.Run(["setpriv", "--bounding-set", "-linux_immutable", "--inh-caps", "-linux_immutable", "--"], "delete-leftovers", store, prefix);
    }

    private static Task<ToolResult> ChattrAsync(string flag, string path) => new ToolRunner().RunAsync(new ToolCommand("chattr", flag, path));
}
