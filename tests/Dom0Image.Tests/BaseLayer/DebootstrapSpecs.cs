using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BaseLayer;

[Category("Integration")]
internal sealed class DebootstrapSpecs
{
    [Test]
    public async Task I_can_lay_a_real_suite_with_debootstrap_and_its_packages_are_kept()
    {
        using var temp = new TempDirectory();
        var (context, told) = BaseLayerHelp.Context(temp.Path);
        var recipe = BaseLayerHelp.Recipe("trixie", packages: ["udev"]) with
        {
            Bootstrap = Bootstrapper.Debootstrap,
            Archives = ["trixie"],
            Without = [LeftOut.Docs, LeftOut.Locales, LeftOut.Man],
        };
        var sources = await MirrorResolver.ResolveAsync(recipe, null, null, context);

        var layer = await BaseLayerStage.MakeAsync(recipe, sources, await ArchiveState.ReadAsync(sources, context), context);
        var root = temp["root"];
        await layer.UnpackAsync(root, context);

        Assert.Multiple(() =>
        {
            Assert.That(File.ReadLines(layer.PackageList), Has.Some.Matches("^sysvinit-core [0-9.]+[^ ]* amd64$").And.Some.Matches("^udev "));
            Assert.That(File.ReadAllText(Path.Combine(root, "var/lib/dpkg/status")), Does.Not.Contain("half-").And.Not.Contain("unpacked"));
            Assert.That(File.GetUnixFileMode(Path.Combine(root, "usr/bin/passwd")), Is.EqualTo((UnixFileMode)0b100_111_101_101));
            Assert.That(Path.Exists(Path.Combine(root, "etc/resolv.conf")) || Path.Exists(Path.Combine(root, "etc/hostname")), Is.False);
            Assert.That(Directory.GetFiles(Path.Combine(root, "var/cache/apt/archives"), "*.deb"), Is.Empty);
            Assert.That(Directory.GetFileSystemEntries(Path.Combine(root, "proc")), Is.Empty);
            Assert.That(File.Exists(Path.Combine(root, "usr/share/doc/apt/copyright")), Is.True);
            Assert.That(Directory.Exists(Path.Combine(root, "usr/share/man")) ? Directory.GetFiles(Path.Combine(root, "usr/share/man"), "*", SearchOption.AllDirectories) : [], Is.Empty);
            Assert.That(Directory.GetDirectories(root).Select(Path.GetFileName), Has.No.Member("debootstrap"));
            Assert.That(Directory.GetFileSystemEntries(context.Store.Work), Is.Empty);
            Assert.That(told.Warnings, Is.Empty);
            Assert.That(Directory.GetFiles(Path.Combine(context.Store.Packages, "trixie-amd64"), "udev_*_amd64.deb"), Has.Length.EqualTo(1));
        });
    }
}
