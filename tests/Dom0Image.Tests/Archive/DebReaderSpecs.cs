using System.Security.Cryptography;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Archive;

/// <summary>On packages that dpkg-deb made.</summary>
internal sealed class DebReaderSpecs
{
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(300_001);
    private TempDirectory _temp = null!;
    private StageContext _context = null!;

    [SetUp]
    public void MakeTree()
    {
        _temp = new TempDirectory();
        (_context, _) = BaseLayerHelp.Context(_temp.Path);
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

        var copied = await DebReader.ExtractAsync(_temp["sample.deb"], path =>
        {
            seen.Add(path);
            return path.StartsWith("boot/", StringComparison.Ordinal) ? _temp["out"] : null;
        }, _context);

        Assert.That(copied, Is.EqualTo(new[] { "boot/xen-9.9-amd64.gz" }));
        Assert.That(File.ReadAllBytes(_temp["out"]), Is.EqualTo(_content));
        Assert.That(seen, Has.Some.EndsWith(new string('f', 90)));
    }

    [TestCase("xz", "unexpected end of file")]
    [TestCase("none", "unexpected end of file")]
    public async Task I_am_told_when_a_package_is_cut_off(string compression, string expected)
    {
        await BuildAsync(compression);
        using (var file = File.OpenWrite(_temp["sample.deb"]))
        {
            file.SetLength(file.Length / 2);
        }

        AssertRefused(_temp["sample.deb"], expected);
    }

    [TestCase("xz", "corrupt")]
    [TestCase("zstd", "checksum|corrupt")]
    public async Task I_am_told_when_a_package_was_forged_or_damaged(string compression, string expected)
    {
        await BuildAsync(compression);
        var bytes = File.ReadAllBytes(_temp["sample.deb"]);
        bytes[bytes.Length * 2 / 3] ^= 1;
        File.WriteAllBytes(_temp["sample.deb"], bytes);

        AssertRefused(_temp["sample.deb"], expected);
    }

    [Test]
    public async Task I_am_told_when_what_is_in_a_package_is_no_archive()
    {
        _temp.Write("debian-binary", "2.0\n");
        _temp.Write("data.tar", new string('x', 3000));
        await new ToolRunner().RunAsync(new ToolCommand("sh", "-euc", "tar -cf control.tar -C tree/DEBIAN control; ar rc sample.deb debian-binary control.tar data.tar") { WorkingDirectory = _temp.Path });

        AssertRefused(_temp["sample.deb"], "");
    }

    [Test]
    public void I_am_told_when_a_file_is_no_package() => AssertRefused(_temp["tree/DEBIAN/control"], "not a Debian format archive");

    [Test]
    public async Task I_am_told_why_a_file_could_not_be_written_and_not_that_the_package_is_bad()
    {
        await BuildAsync("xz");

        Assert.That(() => DebReader.ExtractAsync(_temp["sample.deb"], _ => _temp["no/such/directory"], _context), Throws.InstanceOf<DirectoryNotFoundException>());
    }

    private void AssertRefused(string file, string expected)
    {
        var problem = Assert.ThrowsAsync<BuildFailedException>(() => DebReader.ExtractAsync(file, _ => _temp["out"], _context))!;

        Assert.That(problem.Message, Does.StartWith($"'{file}' is no whole Debian package: ").And.Match(expected));
        Assert.That(problem.Diagnostics.Single().Hint, Does.Contain("build again"));
    }

    private Task<ToolResult> BuildAsync(string compression)
        => new ToolRunner().RunAsync(new ToolCommand("dpkg-deb", "--root-owner-group", $"-Z{compression}", "--build", _temp["tree"], _temp["sample.deb"]));
}
