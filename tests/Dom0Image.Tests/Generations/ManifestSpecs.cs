using System.Diagnostics;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Generations;

internal sealed class ManifestSpecs
{
    [Test]
    public void I_find_everything_about_every_kind_of_file_in_the_manifest()
    {
        using var temp = new TempDirectory();
        var root = temp.Make("root");
        MakeOfEachKind(temp);

        var entries = ManifestReader.Read(root).Entries.ToDictionary(entry => entry.Path);

        Assert.Multiple(() =>
        {
            Assert.That(entries.Keys, Is.EqualTo(new[] { "/", "/bin", "/bin/a", "/bin/b", "/bin/ping ü", "/bin/su", "/dev", "/dev/null", "/dev/pipe", "/dev/sda", "/link" }));
            Assert.That(entries["/bin/a"], Is.EqualTo(new ManifestEntry { Path = "/bin/a", Type = FileType.File, Mode = "0640", Uid = 3, Gid = 4, Size = 3, Sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" }));
            Assert.That(entries["/bin/b"].SameFileAs, Is.EqualTo("/bin/a"));
            Assert.That(entries["/bin/b"].Size, Is.Null);
            Assert.That(entries["/bin/ping ü"].Xattrs!["security.capability"], Is.EqualTo("0100000200200000000000000000000000000000"));
            Assert.That(entries["/bin/su"].Mode, Is.EqualTo("4755"));
            Assert.That(entries["/dev/null"], Is.EqualTo(new ManifestEntry { Path = "/dev/null", Type = FileType.CharacterDevice, Mode = "0666", Device = "1:3" }));
            Assert.That(entries["/dev/sda"], Is.EqualTo(new ManifestEntry { Path = "/dev/sda", Type = FileType.BlockDevice, Mode = "0660", Device = "259:70000" }));
            Assert.That(entries["/dev/pipe"].Type, Is.EqualTo(FileType.Fifo));
            Assert.That(entries["/link"], Is.EqualTo(new ManifestEntry { Path = "/link", Type = FileType.Symlink, Target = "/nowhere at all" }));
            Assert.That(new Manifest([.. entries.Values]).SetIdFiles, Is.EqualTo(new[] { "/bin/su" }));
            Assert.That(new Manifest([.. entries.Values]).LostCapabilities, Is.EqualTo(new[] { "/bin/ping ü" }));
        });
    }

    [Test]
    public void I_can_read_a_manifest_back_and_it_has_the_same_bytes_each_time()
    {
        using var temp = new TempDirectory();
        MakeOfEachKind(temp);
        var manifest = ManifestReader.Read(temp["root"]);

        ManifestFile.Write(manifest, temp["one.json"]);
        ManifestFile.Write(ManifestReader.Read(temp["root"]), temp["two.json"]);

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllBytes(temp["two.json"]), Is.EqualTo(File.ReadAllBytes(temp["one.json"])));
            Assert.That(File.ReadAllLines(temp["one.json"]), Has.Length.EqualTo(manifest.Entries.Length + 2), "one entry on each line");
            Assert.That(ManifestComparison.Compare(manifest, ManifestFile.Read(temp["one.json"])), Is.Empty);
            Assert.That(File.ReadAllText(temp["one.json"]), Does.StartWith("{\"format\":1,\"setIdFiles\":[\"/bin/su\"],\"entries\":[\n{\"path\":\"/\","));
        });
    }

    [Test]
    public void I_can_tell_trees_apart_whose_names_are_no_text()
    {
        using var temp = new TempDirectory();
        var root = temp.Make("root");
        string[] names = [ByteName.FromBytes([0xE8]), ByteName.FromBytes([0xE9])];
        FileChange.MakeDirectory($"{root}/{names[0]}", 0b111_101_101);
        FileChange.MakeFile($"{root}/{names[0]}/{names[1]}", "x"u8, 0b110_100_100);
        FileChange.MakeLink($"{root}/{names[1]}", names[0]);
        ManifestFile.Write(ManifestReader.Read(root), temp["manifest.json"]);
        var before = ManifestFile.Read(temp["manifest.json"]);
        Assert.That(before.Entries.Select(entry => entry.Path), Is.EqualTo(new[] { "/", $"/{names[0]}", $"/{names[0]}/{names[1]}", $"/{names[1]}" }));
        Assert.That(before.Entries[3].Target, Is.EqualTo(names[0]));
        Assert.That(File.ReadAllText(temp["manifest.json"]), Does.Contain("{\"path\":\"/\\u0000è\","));
        Assert.That(ManifestComparison.Compare(before, ManifestReader.Read(root)), Is.Empty);

        Durable.Rename($"{root}/{names[0]}/{names[1]}", $"{root}/{names[0]}/{names[0]}");

        Assert.That(ManifestComparison.Compare(before, ManifestReader.Read(root)).Select(d => d.What), Is.EqualTo(new[] { "was added", "is missing" }));
    }

    [Test]
    public void I_am_told_of_every_change_to_a_generation()
    {
        using var sample = new Sample();
        string id;
        using (var staged = sample.Begin("one"))
        {
            File.WriteAllText(Path.Combine(staged.RootDirectory, "gone"), "");
            staged.Seal(sample.Parts("one"));
            id = staged.Finish().Id;
        }

        var root = GenerationTree.Finished(sample.Places, id).Root;
        Assert.That(GenerationCheck.Verify(sample.Places, id), Is.Empty);
        File.Delete(Path.Combine(root, "gone"));
        File.WriteAllText(Path.Combine(root, "new"), "");
        File.WriteAllText(Path.Combine(root, "version"), id.ToUpperInvariant());
        File.SetUnixFileMode(root, UnixFileMode.UserRead);

        var differences = GenerationCheck.Verify(sample.Places, id);

        Assert.That(differences.Select(d => d.Path), Is.EqualTo(new[] { "/", "/gone", "/new", "/version" }));
        Assert.That(differences.Select(d => d.What.Split(' ', ',')[0]), Is.EqualTo(new[] { "mode", "is", "was", "sha256" }));
    }

    [Test]
    public void I_am_told_what_was_and_what_is_in_words()
    {
        using var sample = new Sample();
        var tree = GenerationTree.Finished(sample.Places, sample.Finish("one"));
        var version = Path.Combine(tree.Root, "version");
        File.SetUnixFileMode(version, UnixFileMode.UserRead);
        Try(Syscall.lsetxattr(version, ManifestEntry.Capabilities, Convert.FromHexString("0100000200200000000000000000000000000000")));
        File.SetUnixFileMode(tree.TftpDirectory, UnixFileMode.UserRead);

        var differences = GenerationCheck.Verify(sample.Places, tree.Id);

        Assert.That(differences, Is.EqualTo(new[]
        {
            new ManifestDifference("/version", "mode 0400, expected 0644; xattrs security.capability=0100000200200000000000000000000000000000, expected none"),
            new ManifestDifference($"/tftpboot/generations/{tree.Id}", "mode 0400, expected 0755"),
        }));
        var problem = Assert.Throws<BuildFailedException>(() => GenerationCheck.Require(sample.Places, tree.Id, default))!;
        Assert.That(problem.Diagnostics.Select(d => d.What), Is.EqualTo(differences.Select(d => $"{tree.Id}: {d.Path}: {d.What}")));
        Assert.That(problem.Diagnostics.Select(d => d.Hint), Is.All.StartsWith("A generation is never edited"));
        Assert.That(() => GenerationCheck.Require(sample.Places, sample.Finish("two"), default), Throws.Nothing);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{\"format\":1}")]
    [TestCase("{\"format\":2,\"setIdFiles\":[],\"entries\":[]}")]
    public void I_am_told_that_a_manifest_is_damaged(string content)
    {
        using var temp = new TempDirectory();
        var file = temp.Write("manifest.json", content);

        Assert.That(() => ManifestFile.Read(file), Throws.InstanceOf<BuildFailedException>().With.Message.Contains(file));
    }

    [Test]
    public void I_am_told_when_what_TFTP_serves_of_a_generation_is_not_what_was_published()
    {
        using var sample = new Sample();
        var tree = GenerationTree.Finished(sample.Places, sample.Finish("one"));
        var kernel = Path.Combine(tree.Kernels, "kernel-6.12-xen");
        var place = $"/tftpboot/generations/{tree.Id}";
        IEnumerable<string> Check() => GenerationCheck.Verify(sample.Places, tree.Id).Select(difference => $"{difference.Path}: {difference.What.Split(' ')[0]}");
        Assert.That(Check(), Is.Empty);

        var bytes = File.ReadAllBytes(kernel);
        bytes[3] ^= 1;
        File.WriteAllBytes(kernel, bytes);
        File.WriteAllText(Path.Combine(tree.Kernels, "kernel-7"), "by hand");
        File.SetUnixFileMode(tree.Hypervisors, UnixFileMode.UserRead);
        File.Delete(Path.Combine(tree.Hypervisors, "xen-4.20.gz"));

        Assert.That(Check(), Is.EqualTo(new[] { $"{place}/hypervisors: mode", $"{place}/hypervisors/xen-4.20.gz: is", $"{place}/kernels/kernel-6.12-xen: sha256", $"{place}/kernels/kernel-7: was" }));
        SafeDelete.Tree(tree.TftpDirectory);
        Assert.That(Check(), Is.EqualTo(new[] { $"{place}: is" }));
    }

    [Test]
    public void I_am_told_of_a_generation_of_which_nobody_can_tell_what_TFTP_served()
    {
        using var sample = new Sample();
        var tree = GenerationTree.Finished(sample.Places, sample.Finish("one"));

        // As one that was built before there was such a manifest.
        File.Delete(tree.TftpManifestFile);

        Assert.That(GenerationCheck.Verify(sample.Places, tree.Id).Single().What, Does.StartWith("cannot be told"));
    }

    [Test]
    [Category("Slow")]
    public void I_get_the_manifest_of_an_image_soon()
    {
        using var temp = new TempDirectory();
        var content = new byte[22_000];
        for (var i = 0; i < 10_000; i++)
        {
            content[i % content.Length]++;
            Directory.CreateDirectory(temp[$"root/{i / 100}"]);
            File.WriteAllBytes(temp[$"root/{i / 100}/{i}"], content);
        }

        var watch = Stopwatch.StartNew();
        var manifest = ManifestReader.Read(temp["root"]);
        ManifestFile.Write(manifest, temp["manifest.json"]);
        var took = watch.Elapsed;

        TestContext.Out.WriteLine($"{manifest.Entries.Length} entries, {manifest.Bytes / 1_000_000} MB: {took.TotalMilliseconds:F0} ms");
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(50)), "1.5 s on two idle cores; the machine may be busy");
    }

    private static void MakeOfEachKind(TempDirectory temp)
    {
        temp.Make("root/dev");
        temp.Write("root/bin/a", "abc");
        Try(Syscall.chown(temp["root/bin/a"], 3, 4));
        File.SetUnixFileMode(temp["root/bin/a"], (UnixFileMode)0b110_100_000);
        Try(Syscall.link(temp["root/bin/a"], temp["root/bin/b"]));
        temp.Write("root/bin/su");
        File.SetUnixFileMode(temp["root/bin/su"], (UnixFileMode)0b100_111_101_101);
        temp.Write("root/bin/ping ü");
        Try(Syscall.lsetxattr(temp["root/bin/ping ü"], "security.capability", Convert.FromHexString("0100000200200000000000000000000000000000")));
        MakeNode(temp["root/dev/null"], FilePermissions.S_IFCHR, 0b110_110_110, 1, 3);
        MakeNode(temp["root/dev/sda"], FilePermissions.S_IFBLK, 0b110_110_000, 259, 70000);
        MakeNode(temp["root/dev/pipe"], FilePermissions.S_IFIFO, 0b110_110_000, 0, 0);
        File.CreateSymbolicLink(temp["root/link"], "/nowhere at all");
    }

    private static void MakeNode(string path, FilePermissions kind, int mode, ulong major, ulong minor)
    {
        var device = ((major & 0xfff) << 8) | (minor & 0xff) | ((minor & ~0xffUL) << 12) | ((major & ~0xfffUL) << 32);
        Try(Syscall.mknod(path, kind | FilePermissions.S_IRUSR, device));
        File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    private static void Try(int result) => Assert.That(result, Is.Zero, $"{Stdlib.GetLastError()}");
}
