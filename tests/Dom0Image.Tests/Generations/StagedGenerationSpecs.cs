using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Generations;

/// <summary>A generation on its way to its place.</summary>
internal sealed class StagedGenerationSpecs
{
    [Test]
    public void Servers_can_read_all_of_a_generation_that_was_built_under_a_strict_umask()
    {
        using var sample = new Sample();
        GenerationTree tree = null!;
        StrictUmask.Run(() =>
        {
            using var staged = sample.Begin("one");
            var parts = sample.Parts("one");
            staged.Seal(parts with
            {
                MicrocodeArchive = sample.Temp.Write("microcode"),
                Extras = parts.Extras.Add("recipe.yaml", "name: one\n"),
            });
            tree = staged.Finish();
        });

        string[] whole = [tree.ImageDirectory, .. Below(tree.KernelFacts), tree.PackageListFile, $"{tree.ImageDirectory}/recipe.yaml", .. Below(tree.TftpDirectory)];
        Assert.That(whole, Has.Some.EqualTo(tree.Microcode));
        Assert.That(whole.Where(path => File.GetUnixFileMode(path) != (Directory.Exists(path) ? PublicModes.Directory : PublicModes.File)), Is.Empty);

        static string[] Below(string directory) => [directory, .. Directory.GetFileSystemEntries(directory, "*", SearchOption.AllDirectories)];
    }

    [Test]
    public void I_find_with_a_generation_what_its_kernels_and_packages_are()
    {
        using var sample = new Sample();
        GenerationTree tree;
        using (var staged = sample.Begin("one"))
        {
            var parts = sample.Parts("one");
            staged.Seal(parts with
            {
                Kernels = [.. parts.Kernels, parts.Kernels[0] with { FileName = "vmlinuz", SystemMap = sample.Temp.Write("map", "other map") }],
                Extras = parts.Extras.Add("recipe.yaml", "name: one\n"),
            });
            tree = staged.Finish();
        }

        Assert.Multiple(() =>
        {
            Assert.That(
                Directory.GetFiles(tree.KernelFacts).Select(Path.GetFileName),
                Is.EquivalentTo(new[] { "kernel-6.12-xen.config", "System.map-6.12-xen", "vmlinuz.config", "System.map-vmlinuz" }));
            Assert.That(File.ReadAllText($"{tree.KernelFacts}/System.map-6.12-xen"), Is.EqualTo("map"));
            Assert.That(File.ReadAllText($"{tree.KernelFacts}/System.map-vmlinuz"), Is.EqualTo("other map"));
            Assert.That(File.ReadAllText(tree.PackageListFile), Is.EqualTo("udev 1\n"));
            Assert.That(File.ReadAllText($"{tree.ImageDirectory}/recipe.yaml"), Is.EqualTo("name: one\n"));
        });
    }

    [Test]
    public void The_same_content_has_the_same_id_with_every_version_of_this_program()
    {
        using var sample = new Sample();

        Assert.That(NamedByContent(sample, "one", "kernel"), Is.EqualTo("one-b55700b24f8b"), "who builds again after an update gets no second generation of the same");
        Assert.That(NamedByContent(sample, "one", "other kernel"), Is.Not.EqualTo("one-b55700b24f8b"));
        Assert.That(GenerationList.Of(sample.Places).Select(kept => kept.Info.Id).ToList(), Has.Count.EqualTo(2).And.Member("one-b55700b24f8b"), "what a generation says of itself");
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("../../../../etc/kernel")]
    public void A_part_cannot_be_put_anywhere_else_by_its_name(string name)
    {
        using var sample = new Sample();
        using var staged = sample.Begin("one");
        var parts = sample.Parts("one");

        var problem = Assert.Throws<BuildFailedException>(() => staged.Seal(parts with { Kernels = [parts.Kernels[0] with { FileName = name }] }))!;

        Assert.That(problem.Diagnostics.Single(), Has.Property("What").EqualTo($"'{name}' is not a file name").And.Property("Expected").EqualTo("a name without slashes"));
    }

    [Test]
    public void I_am_told_which_part_is_missing()
    {
        using var sample = new Sample();
        using var staged = sample.Begin("one");
        var parts = sample.Parts("one");
        File.Delete(parts.Kernels[0].Config);

        Assert.That(
            () => staged.Seal(parts),
            Throws.InstanceOf<BuildFailedException>().With.Message.EqualTo($"a part of generation {staged.Id} is missing: '{parts.Kernels[0].Config}'"));
    }

    [Test]
    public void A_generation_that_stands_is_never_replaced()
    {
        using var sample = new Sample();
        var tree = GenerationTree.Finished(sample.Places, sample.Finish("one"));
        using var second = sample.Begin("one");
        second.Seal(sample.Parts("one"));

        // As a disk that lost the other half.
        SafeDelete.Tree(tree.TftpDirectory);
        var problem = Assert.Throws<BuildFailedException>(() => second.Finish())!;

        Assert.That(problem.Diagnostics.Single().What, Is.EqualTo($"'{tree.ImageDirectory}' is there already"));
        Assert.That(problem.Diagnostics.Single().Hint, Does.Contain($"If '{tree.TftpDirectory}' is missing, it is damaged").And.Contain("delete both and build again"));
        Assert.That(new GenerationAssembler(sample.Places).Exists(tree.Id), Is.False, "one half is no generation");
        Assert.That(() => sample.Publish("one"), Throws.InstanceOf<BuildFailedException>().With.Message.StartsWith($"there is no generation {tree.Id} below"));
    }

    [Test]
    public void Half_of_a_generation_that_a_killed_build_left_is_in_nobodys_way()
    {
        using var sample = new Sample();
        var tree = GenerationTree.Finished(sample.Places, Sample.IdOf("one"));
        Directory.CreateDirectory(tree.Kernels);
        File.WriteAllText($"{tree.Kernels}/kernel-old", "old");

        sample.Finish("one");

        Assert.That(Directory.GetFiles(tree.Kernels).Select(Path.GetFileName), Is.EqualTo(new[] { "kernel-6.12-xen" }));
        Assert.That(GenerationCheck.Verify(sample.Places, tree.Id), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void What_a_build_left_under_the_name_where_mine_begins_is_not_in_mine(bool image)
    {
        using var sample = new Sample();
        var staged = GenerationTree.Staged(sample.Places, Sample.IdOf("one"));
        var left = Path.Combine(image ? staged.Root : staged.Kernels, "left");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "left");

        using var begun = sample.Begin("one");

        Assert.That(begun.Tree, Is.EqualTo(staged));
        Assert.That(File.Exists(left), Is.False);
    }

    [Test]
    public async Task I_can_build_beside_what_a_build_left_and_nothing_can_delete()
    {
        using var sample = new Sample();
        var staged = GenerationTree.Staged(sample.Places, Sample.IdOf("one"));
        Directory.CreateDirectory(staged.Root);
        var generations = sample[Places.Generations];

        // Names can be made in it, and none deleted.
        await new ToolRunner().RunAsync(new ToolCommand("chattr", "+a", generations));
        GenerationTree begun;
        using (var mine = sample.Begin("one"))
        {
            begun = mine.Tree;
            InodeFlags.Clear(generations);
        }

        Assert.That(begun.ImageDirectory, Is.EqualTo(staged.ImageDirectory + ".1"));
        Assert.That(begun.TftpDirectory, Is.EqualTo(staged.TftpDirectory + ".1"));
    }

    [Test]
    public void A_generation_that_is_over_leaves_alone_what_begins_in_its_place()
    {
        using var sample = new Sample();
        var finished = sample.Begin("one");
        finished.Seal(sample.Parts("one"));
        finished.Finish();
        var given = sample.Begin("one");
        given.Dispose();

        using var next = sample.Begin("one");
        finished.Dispose();
        given.Dispose();

        Assert.That(File.Exists(Path.Combine(next.RootDirectory, "version")));
    }

    private static string NamedByContent(Sample sample, string name, string kernel)
    {
        using var staged = sample.Begin(name);
        File.WriteAllText(Path.Combine(staged.RootDirectory, "version"), "1");
        File.SetUnixFileMode(Path.Combine(staged.RootDirectory, "version"), PublicModes.File);
        File.SetUnixFileMode(staged.RootDirectory, PublicModes.Directory);
        var parts = sample.Parts(name);
        staged.Seal(parts with { Kernels = [parts.Kernels[0] with { Image = sample.Temp.Write("image", kernel) }] });
        staged.NameByContent();
        return staged.Finish().Id;
    }
}
