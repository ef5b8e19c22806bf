using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.Image;

namespace Dom0Image.Tests.RootFs;

#pragma warning disable NUnit1027 // FsCheck makes the arguments
internal sealed class FlashRelocationProperties
{
    [Category("Slow")]
    [FsCheck.NUnit.Property(MaxTest = 60, EndSize = 250)]
    public void Every_path_reads_the_same_after_relocation_and_a_second_one_changes_nothing(byte[] treeSeed, byte[] listSeed)
    {
        using var image = new TestImage();
        var tree = new AnyTree(image, treeSeed);
        var list = tree.List(listSeed);
        var before = tree.Paths.ToDictionary(path => path, path => KernelView.Of(image.Root, path));

        FlashRelocation.Relocate(image.Root, list);

        var owners = ImageOwners.Read(image.Root);

        // Two entries can be hard links of one file: the later one says how it ends.
        var listed = list.Entries.GroupBy(entry => KernelView.Of(image.Root, entry.Path)!.Inode).ToDictionary(same => same.Key, same => same.Last());
        foreach (var (path, was) in before)
        {
            var expected = was is not null && listed.TryGetValue(was.Inode, out var entry)
                ? was with { Mode = (was.Mode & Mono.Unix.Native.FilePermissions.S_IFMT) | (Mono.Unix.Native.FilePermissions)entry.Mode, Owner = $"{owners.FindUser(entry.Owner)}:{owners.FindGroup(entry.Group)}" }
                : was;
            Assert.That(KernelView.Of(image.Root, path), Is.EqualTo(expected), path);
        }

        foreach (var entry in list.Entries.Where(entry => list.ParentOf(entry) is null))
        {
            Assert.That(FileNode.Get(image.Root + entry.Path).Target, Is.EqualTo("/flash" + entry.Path));
        }

        var once = KernelView.State(image.Root);
        FlashRelocation.Relocate(image.Root, list);
        Assert.That(KernelView.State(image.Root), Is.EqualTo(once));
    }

    [Category("Slow")]
    [FsCheck.NUnit.Property(MaxTest = 60, EndSize = 250)]
    public void A_contained_path_leads_where_the_kernel_leads_a_chrooted_process(byte[] treeSeed)
    {
        using var image = new TestImage();
        foreach (var path in new AnyTree(image, treeSeed).Paths)
        {
            var seen = KernelView.Of(image.Root, path);
            FileNode? found = null;
            try
            {
                found = FileNode.Find(ContainedPath.Resolve(image.Root, path));
            }
            catch (BuildFailedException)
            {
                // In circles: the kernel must say so too.
            }

            // A path through a file leads nowhere, also where '..' would lead out of it again.
            if (seen is not null || found is null)
            {
                Assert.That(found?.Inode, Is.EqualTo(seen?.Inode), path);
            }
        }
    }
}
