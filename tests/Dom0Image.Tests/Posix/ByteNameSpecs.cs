using Dom0Image.Posix;
using Mono.Unix.Native;

namespace Dom0Image.Tests.Posix;

#pragma warning disable NUnit1027 // FsCheck makes the arguments
internal sealed class ByteNameSpecs
{
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool Any_bytes_come_back_from_their_text(byte[] seed)
    {
        var name = seed.Where(value => value != 0).ToArray();
        return ByteName.ToBytes(ByteName.FromBytes(name)).AsSpan().SequenceEqual(name);
    }

    // What Mono.Unix hands to the kernel must be the name that was read.
    [FsCheck.NUnit.Property(MaxTest = 100)]
    public void A_file_of_any_name_is_found_read_and_deleted(byte[] seed)
    {
        using var temp = new TempDirectory();
        var name = ByteName.FromBytes([.. seed.Where(value => value is not (0 or (byte)'/')).Append((byte)'x').Take(200)]);
        FileChange.MakeFile($"{temp.Path}/{name}", "content"u8, 0b110_000_000);
        FileChange.MakeLink(temp["link"], name);

        var found = FileNode.Get(temp.Path).Children().Single(node => node.IsFile);

        Assert.That(found.Name, Is.EqualTo(name));
        Assert.That(found.ReadAllBytes(), Is.EqualTo("content"u8.ToArray()));
        Assert.That(FileNode.Get(temp["link"]).Target, Is.EqualTo(name));
        FileChange.Delete(found.Path);
        Assert.That(FileNode.Get(temp.Path).Children().Count(), Is.EqualTo(1));
    }

    [TestCase("plain ü", "plain ü")]
    [TestCase("tab\tnew\nline", @"tab\x09new\x0aline")]
    [TestCase("caf\0\u00e9", @"caf\xe9")]
    [TestCase("\u001b[31m \u009b", @"\x1b[31m \x9b")]
    public void I_read_names_on_one_line_and_they_do_nothing_to_my_terminal(string name, string shown)
        => Assert.That(ByteName.Printable(name), Is.EqualTo(shown));

    [Test]
    public void Two_names_that_are_no_text_are_not_taken_for_each_other()
    {
        using var temp = new TempDirectory();
        foreach (var value in new byte[] { 0xFE, 0xFF })
        {
            FileChange.MakeFile($"{temp.Path}/{ByteName.FromBytes([value])}", [value], 0b110_000_000);
        }

        Assert.That(FileNode.Get(temp.Path).Children().Select(node => node.ReadAllBytes().Single()), Is.EqualTo(new byte[] { 0xFE, 0xFF }));
    }

    [Test]
    public void I_get_a_pipe_refused_and_not_waited_for()
    {
        using var temp = new TempDirectory();
        Assert.That(Syscall.mkfifo(temp["pipe"], (FilePermissions)0b110_110_110), Is.Zero);

        Assert.That(() => FileNode.Get(temp["pipe"]).Open(), Throws.InstanceOf<IOException>().With.Message.EndsWith("is a named pipe and no file"));
        Assert.That(() => PlainFile.ReadAllText(temp["pipe"]), Throws.InstanceOf<IOException>().With.Message.EndsWith("is a named pipe and no file"));
    }
}
