using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.RootFs.Flash;
using Dom0Image.RootFs.RamTree;

namespace Dom0Image.Tests.RootFs;

#pragma warning disable NUnit1027 // FsCheck makes the arguments
/// <summary>The generated script itself is run, by dash, on any tree with any valid list.</summary>
internal sealed class RamTreeProperties
{
    // Names may hold line breaks.
    private const string Listing = "find /flash -type f -printf '%P\\t%y %m %U:%G %s %l\\0' -o -printf '%P\\t%y %m %U:%G - %l\\0'";

    [Category("Slow")]
    [FsCheck.NUnit.Property(MaxTest = 20, EndSize = 250)]
    public void A_client_boots_with_just_what_the_list_says_of_types_modes_owners_and_contents(byte[] treeSeed, byte[] listSeed)
    {
        using var image = new TestImage();
        var list = new AnyTree(image, treeSeed).ValidList(listSeed);
        var recipe = TestImage.RecipeWith(list);
        FlashRelocation.Relocate(image.Root, list);
        RamTreeInit.InstallAsync(image.Context(), image.Root, recipe).GetAwaiter().GetResult();
        RamTreeArchive.Write(image.Root, list);
        var expected = FileNode.Get(image.Root + "/flash").Below()
            .Where(node => IsKept(list, node))
            .Select(node => Describe(list, node))
            .ToHashSet();

        var run = RamTreeRun.Start(image, Listing);

        Assert.That(run.ExitCode, Is.Zero, run.Output);
        Assert.That(run.Pieces.Where(line => line[0] != '\t'), Is.EquivalentTo(expected));
        foreach (var entry in list.Entries)
        {
            Assert.That(expected, Has.Some.StartsWith($"{entry.Path[1..]}\t{(entry.Kind switch { FlashKind.Directory => 'd', FlashKind.File => 'f', _ => 'l' })}"));
        }

        string PathOf(FileNode node) => node.Path[(image.Root.Length + "/flash".Length)..];

        bool IsKept(FlashList entries, FileNode node)
        {
            var path = PathOf(node);
            return entries.Entries.Any(e => e.Path == path || e.Path.StartsWith(path + "/", StringComparison.Ordinal)) || Start(entries, path) switch
            {
                FlashStart.Content => true,
                FlashStart.Tree => node.IsDirectory,
                _ => false,
            };
        }

        string Describe(FlashList entries, FileNode node)
        {
            var path = PathOf(node);
            var size = !node.IsFile || Start(entries, path) == FlashStart.Empty ? 0 : node.Size;
            var type = node.IsDirectory ? 'd' : node.IsFile ? 'f' : 'l';
            return $"{path[1..]}\t{type} {OctalMode.AsStatPrints(node.Mode)} {node.Uid}:{node.Gid} {(type == 'f' ? size : "-")} {(node.IsLink ? node.Target : "")}";
        }
    }

    // What the nearest entry at or above a path says.
    private static FlashStart? Start(FlashList list, string path)
        => list.Entries.Where(e => e.Path == path || path.StartsWith(e.Path + "/", StringComparison.Ordinal)).MaxBy(e => e.Path.Length)?.Start;
}
