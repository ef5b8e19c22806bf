using System.Collections.Immutable;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Posix;
using Dom0Image.Recipes;
using Dom0Image.Store;
using Dom0Image.Tests.RootFs;
using Dom0Image.Verification;
using static Dom0Image.Tests.RootFs.TestImage;

namespace Dom0Image.Tests.Verification;

/// <summary>What is told of a small image, beside the faults of <see cref="VerificationFaultSpecs"/>.</summary>
internal sealed class ImageVerificationSpecs
{
    private const string HostPath = WholeGeneration.HostPath;

    private WholeGeneration _whole = null!;

    private TestImage Image => _whole.Image;

    [SetUp]
    public async Task MakeGoodImage() => _whole = await WholeGeneration.MakeAsync(InitSystem.Sysvinit);

    [TearDown]
    public void Delete() => _whole.Dispose();

    [Test]
    public void I_am_told_of_everything_at_once()
    {
        Image.File("/etc/ssh_key", HostPath, Mode("0666"));
        Image.File("/usr/bin/ping", "", Mode("4755"));
        Image.File("/etc/shadow", "root::19000:0:99999:7:::\n");

        Assert.That(Verify().Select(f => f.Rule), Is.EquivalentTo(new[] { "empty-password", "world-writable", "host-path", "set-uid" }));
    }

    [Test]
    public void I_can_allow_an_empty_password_in_as_many_words()
    {
        Image.File("/etc/shadow", "root::19000:0:99999:7:::\n");

        Assert.That(Verify(SiteWith(new RootLogin(null, [], EmptyPasswordAllowed: true))), Is.Empty);
    }

    [Test]
    public void I_can_give_clients_the_name_servers_of_the_build_machine_by_an_overlay()
    {
        using var overlay = new TempDirectory();
        Directory.CreateDirectory(overlay["etc"]);
        File.Copy("/etc/resolv.conf", overlay["etc/resolv.conf"]);
        Image.File("/etc/resolv.conf", File.ReadAllText("/etc/resolv.conf"));

        Assert.That(Verify().Select(f => f.Kind), Is.EqualTo(new[] { FindingKind.BuildMachinesFile }));
        Assert.That(Verify(overlay: overlay.Path), Is.Empty);
    }

    [TestCase("PATH=/srv/build-store", ExpectedResult = HostPath)]
    [TestCase("x \"/srv/build-store/work\" y", ExpectedResult = HostPath)]
    [TestCase("/srv/build-stored, then /srv/build-store", ExpectedResult = HostPath)]
    [TestCase("/srv/build-store-2 /srv/build-store.old /srv/build-stores", ExpectedResult = null)]
    [TestCase("/mnt/srv/build-store", ExpectedResult = null)]
    public string? I_am_told_of_whole_names_of_the_build_machine_alone(string content)
        => new LeakScan(Image.Root, _whole.Recipe.Flash, [HostPath, "/"]).FirstIn(FileNode.Get(Image.File("/etc/leak", content)));

    [Test]
    public void I_can_build_below_a_directory_that_every_image_has_too()
    {
        Image.Dir("/srv", Mode("0755"));
        Image.Dir("/var/cache", Mode("0755"));
        Image.Dir("/var/lib/dpkg", Mode("0755"));
        Image.Dir("/var/lib/dpkg/info", Mode("0755"));
        Image.File("/var/lib/dpkg/info/base-files.list", "/.\n/var\n/var/cache\n");
        Image.File("/etc/deluser.conf", "EXCLUDE=/srv /mnt /var/cache\n");
        var paths = HostPaths.Of(new BuildStore("/var/cache"), new Places("/srv"), "/mnt");
        Assert.That(Verify(hostPaths: paths), Is.Empty);

        Image.File("/etc/leaks", "/srv/opt/ondemand/generations");
        Image.File("/etc/leaks-too", "/var/cache/work/root-1");
        var found = Verify(hostPaths: paths);

        Assert.That(found.Select(finding => (finding.Rule, finding.ImagePath)), Is.EquivalentTo(new[] { ("host-path", "/etc/leaks"), ("host-path", "/etc/leaks-too") }));
    }

    [Test]
    public void I_can_build_without_a_prefix_for_the_places_that_clients_use() => Assert.That(
        HostPaths.Of(new BuildStore("/store"), new Places(""), "/src/project"),
        Has.None.StartsWith("/opt").And.None.StartsWith("/tftpboot").And.Member("/src/project"));

    private ImmutableArray<Finding> Verify(Site? site = null, IEnumerable<string>? hostPaths = null, string? overlay = null)
        => ImageVerification.Verify(new CheckedImage(Image.Root, _whole.Recipe, site ?? SiteWith(), [.. hostPaths ?? [HostPath]]) { Overlays = overlay is null ? [] : [overlay] });
}
