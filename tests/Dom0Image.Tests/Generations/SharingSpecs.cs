using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Generations;

/// <summary>Generations on a file system as exports lie on take room once for what is the same, and touch each other in nothing.</summary>
[Category("Slow")]
internal sealed class SharingSpecs
{
    private XfsDisk _disk = null!;
    private Sample _sample = null!;

    [SetUp]
    public void Mount()
    {
        _disk = new XfsDisk();
        _sample = new Sample(_disk.Path);
    }

    [TearDown]
    public void Unmount()
    {
        _sample.Dispose();
        _disk.Dispose();
    }

    [Test]
    public void Ten_that_differ_by_one_file_take_little_more_than_one()
    {
        Durable.SyncFileSystem(_disk.Path);
        var empty = FileSystemSpace.Of(_disk.Path).Free;
        Finish("0");
        Durable.SyncFileSystem(_disk.Path);
        var one = empty - FileSystemSpace.Of(_disk.Path).Free;
        foreach (var name in Enumerable.Range(1, 9))
        {
            Finish($"{name}");
        }

        Durable.SyncFileSystem(_disk.Path);
        var ten = empty - FileSystemSpace.Of(_disk.Path).Free;

        Assert.That((double)ten / one, Is.LessThanOrEqualTo(1.3), $"one takes {one}, ten take {ten}");
        Assert.That(Blocks("0", "1", "2", "3", "4", "5", "6", "7", "8", "9") / (double)Blocks("0"), Is.LessThanOrEqualTo(1.05), "file data");
        Assert.That(Enumerable.Range(0, 10).SelectMany(name => GenerationCheck.Verify(_sample.Places, Sample.IdOf($"{name}"))), Is.Empty);
    }

    [Test]
    public void A_client_that_runs_from_the_older_one_sees_nothing_change()
    {
        Finish("old");
        var before = Times("old");
        Thread.Sleep(20);

        Finish("next");

        Assert.That(Times("old"), Is.EqualTo(before), "inode, ctime and mtime of each file");
        Assert.That(Blocks("old", "next"), Is.LessThan(Blocks("old") * 1.05), "and yet they share");
    }

    [Test]
    public void What_is_edited_or_damaged_in_one_reaches_no_other()
    {
        Finish("old");
        File.WriteAllText(Path.Combine(Root("old"), "d1/big"), new string('?', 150_000));

        Finish("next");
        Assert.That(GenerationCheck.Verify(_sample.Places, Sample.IdOf("next")), Is.Empty, "nothing was taken from what is damaged");

        using (var file = File.OpenWrite(Path.Combine(Root("next"), "d2/big")))
        {
            file.Write("edit"u8);
        }

        Assert.That(GenerationCheck.Verify(_sample.Places, Sample.IdOf("old")).Select(difference => difference.Path), Is.EqualTo(new[] { "/d1/big" }));
        Assert.That(GenerationCheck.Verify(_sample.Places, Sample.IdOf("next")).Select(difference => difference.Path), Is.EqualTo(new[] { "/d2/big" }));
    }

    [Test]
    public void Modes_owners_attributes_and_set_id_bits_stay_each_ones_own()
    {
        Finish("old");
        Finish("next", root =>
        {
            var file = Path.Combine(root, "d1/big");
            FileChange.SetOwner(file, 7, 8);
            FileChange.SetMode(file, 0b100_111_101_101);
            ExtendedAttributes.Set(file, "user.mine", "x"u8.ToArray());
        });

        Assert.That(GenerationCheck.Verify(_sample.Places, Sample.IdOf("old")), Is.Empty);
        Assert.That(GenerationCheck.Verify(_sample.Places, Sample.IdOf("next")), Is.Empty);
        Assert.That(FileNode.Get(Path.Combine(Root("next"), "d1/big")), Has.Property("Uid").EqualTo(7).And.Property("Mode").EqualTo(0b100_111_101_101));
        Assert.That(Blocks("old", "next"), Is.LessThan(Blocks("old") * 1.05));
    }

    [Test]
    public void Kernels_that_TFTP_serves_are_one_file_but_never_two_paths_of_one_generation()
    {
        Finish("old");
        Finish("next");
        var (old, next) = (Tftp("old"), Tftp("next"));

        Assert.That(Inode(next, "kernels/kernel-6.12-xen"), Is.AnyOf(Inode(old, "kernels/kernel-6.12-xen"), Inode(old, "kernels/kernel-6.12-twin")));
        Assert.That(Inode(next, "kernels/kernel-6.12-xen"), Is.Not.EqualTo(Inode(next, "kernels/kernel-6.12-twin")));
        Assert.That(FileNode.Get($"{next}/hypervisors/xen-4.20.gz").Links, Is.EqualTo(2));
        Assert.That(GenerationCheck.Verify(_sample.Places, Sample.IdOf("next")), Is.Empty);

        static ulong Inode(string tree, string file) => FileNode.Get($"{tree}/{file}").Inode;
    }

    [Test]
    public void I_am_told_of_every_generation_that_holds_a_damaged_file()
    {
        Finish("old");
        Finish("next");
        Finish("whole");
        File.WriteAllText(Path.Combine(Root("old"), "d1/big"), "bad");
        File.WriteAllText(Path.Combine(Root("next"), "d1/big"), "bad");
        using (var file = File.OpenWrite($"{Tftp("old")}/hypervisors/xen-4.20.gz"))
        {
            file.Write("bad"u8);
        }

        var found = GenerationCheck.Verify(_sample.Places, Sample.IdOf("old"));
        var others = SharedDamage.InOthers(_sample.Places, Sample.IdOf("old"), found).Select(difference => $"{difference.Path} {difference.What}");

        Assert.That(others, Is.EquivalentTo(new[]
        {
            $"/d1/big is damaged in generation {Sample.IdOf("next")} too",
            $"/hypervisors/xen-4.20.gz is damaged in generation {Sample.IdOf("next")} too",
            $"/hypervisors/xen-4.20.gz is damaged in generation {Sample.IdOf("whole")} too",
        }));
    }

    [Test]
    public void A_link_in_an_older_one_leads_nowhere_and_one_that_is_damaged_stops_nothing()
    {
        Finish("old");
        var outside = Directory.CreateDirectory(_sample["/outside"]).FullName;
        Directory.Move($"{Tftp("old")}/hypervisors", $"{outside}/hypervisors");
        Directory.CreateSymbolicLink($"{Tftp("old")}/hypervisors", $"{outside}/hypervisors");
        File.WriteAllText(GenerationTree.Finished(_sample.Places, Sample.IdOf("old")).ManifestFile, "{");

        Finish("next");

        Assert.That(FileNode.Get($"{Tftp("next")}/hypervisors/xen-4.20.gz").Links, Is.EqualTo(1));
        Assert.That(GenerationCheck.Verify(_sample.Places, Sample.IdOf("next")), Is.Empty);
    }

    // As an image is: most files small, most bytes in large ones.
    private void Finish(string name, Action<string>? change = null)
    {
        using var staged = _sample.Begin(name);
        for (var directory = 0; directory < 20; directory++)
        {
            var below = Directory.CreateDirectory(Path.Combine(staged.RootDirectory, $"d{directory}")).FullName;
            File.WriteAllText(Path.Combine(below, "big"), string.Concat(Enumerable.Range(0, 30_000).Select(number => $"{directory} {number}\n")));
            for (var file = 0; file < 10; file++)
            {
                File.WriteAllText(Path.Combine(below, $"f{file}"), $"{directory} {file}\n");
            }
        }

        change?.Invoke(staged.RootDirectory);
        var kernel = _sample.Temp.Write("kernel", new string('k', 100_000));
        staged.Seal(_sample.Parts(name) with
        {
            Kernels = [new KernelFile("kernel-6.12-xen", kernel, kernel, kernel), new KernelFile("kernel-6.12-twin", kernel, kernel, kernel)],
            Hypervisor = new HypervisorFile("xen-4.20.gz", kernel),
        });
        staged.Finish();
    }

    private string Root(string name) => GenerationTree.Finished(_sample.Places, Sample.IdOf(name)).Root;

    private string Tftp(string name) => GenerationTree.Finished(_sample.Places, Sample.IdOf(name)).TftpDirectory;

    private List<string> Times(string name)
        => [.. Run("find", Root(name), "-printf", "%i %C@ %T@ %p\\n").Split('\n')];

    // How many blocks of the disk the files of roots lie on, those counted once that several lie on.
    private int Blocks(params string[] names)
    {
        var blocks = new HashSet<long>();
        var files = names.SelectMany(name => Directory.EnumerateFiles(Root(name), "*", SearchOption.AllDirectories)).ToArray();
        foreach (var extent in Run("filefrag", ["-v", "-b4096", .. files]).Split('\n').Select(line => line.Split(':')).Where(parts => parts.Length > 3 && int.TryParse(parts[0], out _)))
        {
            var range = extent[2].Split("..").Select(long.Parse).ToArray();
            blocks.UnionWith(Enumerable.Range(0, (int)(range[1] - range[0]) + 1).Select(block => range[0] + block));
        }

        return blocks.Count;
    }

    private static string Run(string program, params string[] arguments)
        => new ToolRunner().RunAsync(new ToolCommand(program).With(arguments)).GetAwaiter().GetResult().Output;
}
