using System.Security.Cryptography;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.Tests.Archive;

/// <summary>On packages that dpkg-deb made.</summary>
internal sealed class DebReaderSpecs
{
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_001);
    private TempDirectory _temp = null!;

    [SetUp]
    public void MakeTree()
    {
        _temp = new TempDirectory();
        _temp.Write("tree/DEBIAN/control", "Package: sample\nVersion: 1\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDescription: sample\n");
        File.WriteAllBytes(_temp.Write("tree/boot/xen-9.9-amd64.gz"), _content);
        _temp.Write($"tree/usr/share/{new string('d', 90)}/{new string('f', 90)}", "a long name");
        File.CreateSymbolicLink(_temp["tree/boot/xen-9.gz"], "/etc/passwd");
    }

    [TearDown]
    public void Delete() => _temp.Dispose();

    [TestCase("xz")]
    [TestCase("zstd")]
    [TestCase("gzip")]
    [TestCase("none")]
    public async Task I_can_read_one_file_whatever_the_compression(string compression)
    {
        await BuildAsync(compression);
        var seen = new List<string>();

        var copied = DebReader.Extract(_temp["sample.deb"], path =>
        {
            seen.Add(path);
            return path.StartsWith("boot/", StringComparison.Ordinal) ? _temp["out"] : null;
        });

        Assert.That(copied, Is.EqualTo(new[] { "boot/xen-9.9-amd64.gz" }));
        Assert.That(File.ReadAllBytes(_temp["out"]), Is.EqualTo(_content));
        Assert.That(seen, Has.Some.EndsWith(new string('f', 90)));
    }

    [Test]
    public async Task I_am_told_when_a_package_is_cut_off()
    {
        await BuildAsync("xz");
        using (var file = File.OpenWrite(_temp["sample.deb"]))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.That(() => DebReader.Extract(_temp["sample.deb"], _ => _temp["out"]), Throws.InstanceOf<BuildFailedException>().With.Message.Contains("cut off"));
    }

    [Test]
    public void I_am_told_when_a_file_is_no_package()
        => Assert.That(
            () => DebReader.Extract(_temp["tree/DEBIAN/control"], _ => null),
            Throws.InstanceOf<BuildFailedException>().With.Message.Contains("no Debian package"));

    private Task<ToolResult> BuildAsync(string compression)
        => new ToolRunner().RunAsync(new ToolCommand("dpkg-deb", "--root-owner-group", $"-Z{compression}", "--build", _temp["tree"], _temp["sample.deb"]));
}
