using System.Security.Cryptography;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.Tests.BaseLayer;

[Category("Integration")]
internal sealed class BaseLayerOfRealSuiteSpecs
{
    [Test]
    public async Task I_can_lay_a_real_suite_and_lay_it_again_the_same_without_downloading()
    {
        using var temp = new TempDirectory();
        var (context, _) = BaseLayerHelp.Context(temp.Path);
        var recipe = BaseLayerHelp.Recipe("trixie", packages: ["udev", "openssh-server"]) with { Without = [LeftOut.Docs, LeftOut.Locales, LeftOut.Man] };
        var sources = await MirrorResolver.ResolveAsync(recipe, null, null, context);

        var state = await ArchiveState.ReadAsync(sources, context);
        var planned = await new PackageSolver(new AptLists(sources, recipe.Architecture, context, state), recipe.Suite, recipe.Architecture, context).SolveAsync(BaseLayerPackages.Of(recipe));
        var first = await BaseLayerStage.MakeAsync(recipe, sources, state, context);
        Assert.That(File.ReadLines(first.PackageList).Order(StringComparer.Ordinal), Is.EqualTo(planned.Select(p => $"{p.Name} {p.Version} {p.Architecture}").Order(StringComparer.Ordinal)), "what is planned is what is installed");
        var sum = Sum(first.Archive);
        var root = temp["root"];
        await first.UnpackAsync(root, context);

        Assert.Multiple(() =>
        {
            Assert.That(first.Output.Cached, Is.False);
            Assert.That(File.ReadLines(first.PackageList), Has.Some.Matches("^sysvinit-core [0-9.]+[^ ]* amd64$"));
            Assert.That(Mode(root, "usr/bin/passwd"), Is.EqualTo((UnixFileMode)0b100_111_101_101));
            Assert.That(Directory.GetFiles(Path.Combine(root, "etc/ssh"), "ssh_host_*"), Is.Empty);
            Assert.That(File.Exists(Path.Combine(root, "etc/resolv.conf")), Is.False);
            Assert.That(File.Exists(Path.Combine(root, "usr/share/doc/apt/copyright")), Is.True);
            Assert.That(File.Exists(Path.Combine(root, "usr/share/doc/apt/NEWS.Debian.gz")), Is.False);
            Assert.That(Directory.Exists(Path.Combine(root, "usr/share/man/man1")), Is.False);
            Assert.That(File.ReadAllText(Path.Combine(root, "etc/apt/sources.list")), Does.Not.Contain("signed-by"));
            Assert.That(Directory.Exists(context.Store.Work) ? Directory.GetFileSystemEntries(context.Store.Work) : [], Is.Empty);
        });

        Assert.That((await context.RunAsync(new ToolCommand("stat", "-c", "%F", Path.Combine(root, "dev/null")))).Output.Trim(), Is.EqualTo("character special file"));

        var again = await BaseLayerStage.MakeAsync(recipe, sources, await ArchiveState.ReadAsync(sources, context), context);
        Assert.That(again.Output.Cached, Is.True);

        Directory.Delete(first.Output.Directory, recursive: true);
        var log = File.ReadAllText(temp["log"]).Length;
        var second = await BaseLayerStage.MakeAsync(recipe, sources, await ArchiveState.ReadAsync(sources, context), context);
        var needed = File.ReadAllText(temp["log"])[log..].Split('\n').Where(line => line.StartsWith("Need to get ", StringComparison.Ordinal));
        Assert.That(needed, Is.Not.Empty.And.All.StartsWith("Need to get 0 B/"));
        Assert.That(Sum(second.Archive), Is.EqualTo(sum), "the same packages give the same archive");
    }

    private static UnixFileMode Mode(string root, string path) => File.GetUnixFileMode(Path.Combine(root, path));

    private static string Sum(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
