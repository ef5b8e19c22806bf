using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.Tests.Posix;

internal sealed class DurableSpecs
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Test]
    public void I_can_replace_a_file_by_a_secret_one_that_nobody_saw_while_it_was_written()
    {
        using var temp = new TempDirectory();
        var file = temp.Write("file", "public");
        // What a kill left, from when the file was public; another user has it open.
        using var watched = File.Open(temp.Write(".dom0image-new-file"), new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });

        Durable.ReplaceFile(file, Encoding.UTF8.GetBytes("secret"), Secret);

        Assert.That(File.ReadAllText(file), Is.EqualTo("secret"));
        Assert.That(File.GetUnixFileMode(file), Is.EqualTo(Secret));
        Assert.That(watched.ReadByte(), Is.EqualTo(-1));
    }
}
