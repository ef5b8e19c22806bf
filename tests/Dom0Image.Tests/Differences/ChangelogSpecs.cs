using System.IO.Compression;
using Dom0Image.Archive;
using Dom0Image.Differences;
using Dom0Image.Processes;
using Dom0Image.Store;
using Dom0Image.Tests.BaseLayer;

namespace Dom0Image.Tests.Differences;

/// <summary>What changelogs say of an upgrade.</summary>
internal sealed class ChangelogSpecs
{
    private const string Text = """
        sample (1.2-1) unstable; urgency=medium

          * Another one that nobody installed yet.

         -- A Packager <packager@example.org>  Sat, 28 Nov 2026 12:00:00 +0000

        sample (1.1-2) trixie-security; urgency=high

          * CVE-2026-0001: no longer opens the door.

         -- A Packager <packager@example.org>  Fri, 27 Nov 2026 12:00:00 +0000

        sample (1.1-1) unstable; urgency=medium

          * New upstream version.

         -- A Packager <packager@example.org>  Thu, 26 Nov 2026 12:00:00 +0000

        sample (1.0-1) unstable; urgency=medium

          * Old.

        """;

    private readonly TwoGenerations _two = new();

    [TearDown]
    public void Delete() => _two.Dispose();

    [Test]
    public void I_read_what_lies_between_two_versions_and_nothing_else()
        => Assert.That(Changelog.Between(new StringReader(Text), "1.0-1", "1.1-2"), Is.EqualTo(new[]
        {
            "sample (1.1-2) trixie-security; urgency=high",
            "  * CVE-2026-0001: no longer opens the door.",
            "sample (1.1-1) unstable; urgency=medium",
            "  * New upstream version.",
        }));

    [Test]
    public void A_changelog_without_an_end_is_cut()
    {
        var endless = "sample (2) unstable; urgency=low\n" + string.Concat(Enumerable.Repeat("  * once more\n", 100_000));

        Assert.That(Changelog.Between(new StringReader(endless), "1", "2"), Has.Length.EqualTo(61));
    }

    [Test]
    public void I_get_it_from_an_image_that_keeps_its_documentation()
    {
        var old = _two.Make("old", "sample 1.0-1 amd64\n");
        var now = _two.Make("new", "sample 1.1-2 amd64\n", fill: root =>
        {
            Directory.CreateDirectory(root["/usr/share/doc/sample"]);
            using var file = new GZipStream(File.Create(root["/usr/share/doc/sample/changelog.Debian.gz"]), CompressionLevel.Fastest);
            file.Write(System.Text.Encoding.UTF8.GetBytes(Text));
        });

        var difference = _two.Between(old, now);

        Assert.That(difference.Packages.Single().Changelog, Has.Length.EqualTo(4));
        Assert.That(DifferenceText.Write(difference), Does.Contain("      * CVE-2026-0001: no longer opens the door.\n"));
    }

    [Test]
    public async Task I_get_it_from_a_package_of_the_store_and_am_told_of_one_that_is_damaged()
    {
        var old = _two.Make("old", "damaged 1.0-1 amd64\nsample 1.0-1 all\n");
        var now = _two.Make("new", "damaged 1.1-2 amd64\nsample 1.1-2 all\n");
        var cache = Directory.CreateDirectory(_two.Store.PackageCache("trixie", "amd64")).FullName;
        await PackAsync(Path.Combine(cache, DebFileName.Of("sample", "1.1-2", "all")));
        await File.WriteAllTextAsync(Path.Combine(cache, DebFileName.Of("damaged", "1.1-2", "amd64")), "!<arch>\n");
        var packages = _two.Between(old, now).Packages;
        var context = new StageContext(_two.Store, new ToolRunner(), new BaseLayerHelp.Told(), CancellationToken.None);

        var (told, problems) = await ChangelogReader.FromStoreAsync(packages, context);

        Assert.That(packages.SelectMany(package => package.Changelog), Is.Empty);
        Assert.That(ChangelogReader.InStore(packages, _two.Store), Is.EqualTo(2));
        Assert.That(told.Single(package => package.Name == "sample").Changelog, Has.Some.EqualTo("  * New upstream version."));
        Assert.That(problems.Single(), Does.Contain("damaged_1.1-2_amd64.deb' is no whole Debian package"));
    }

    [TestCase("1.0", "1.0", 0)]
    [TestCase("1.0~rc1", "1.0", -1)]
    [TestCase("1.10", "1.9", 1)]
    [TestCase("1:0.1", "2.0", 1)]
    [TestCase("0:1", "1", 0)]
    [TestCase("2.41-12+deb13u1", "2.41-12", 1)]
    [TestCase("1.0-1", "1.0", 1)]
    [TestCase("1.0a", "1.0+", -1)]
    [TestCase("1.0-1~bpo12+1", "1.0-1", -1)]
    [TestCase("1.00", "1.0", 0)]
    [TestCase("99999999999999999999999999", "99999999999999999999999998", 1)]
    public async Task Versions_come_in_the_order_that_dpkg_has(string one, string other, int order)
    {
        Assert.That(Math.Sign(DebianVersion.Compare(one, other)), Is.EqualTo(order));
        Assert.That(Math.Sign(DebianVersion.Compare(other, one)), Is.EqualTo(-order));
        var dpkg = await new ToolRunner().RunAsync(new ToolCommand("dpkg", "--compare-versions", one, order switch { < 0 => "lt", > 0 => "gt", _ => "eq" }, other) { SuccessCodes = [0, 1] });
        Assert.That(dpkg.ExitCode, Is.Zero, "dpkg agrees");
    }

    private async Task PackAsync(string deb)
    {
        var tree = _two.Temp.Make("sample");
        _two.Temp.Write("sample/DEBIAN/control", "Package: sample\nVersion: 1.1-2\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: a sample\n");
        _two.Temp.Make("sample/usr/share/doc/sample");
        await using (var file = new GZipStream(File.Create(_two.Temp["sample/usr/share/doc/sample/changelog.Debian.gz"]), CompressionLevel.Fastest))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(Text));
        }

        await new ToolRunner().RunAsync(new ToolCommand("dpkg-deb", "--build", "--root-owner-group", tree, deb));
    }
}
