using System.Text;
using Dom0Image.Archive;
using Dom0Image.Diagnostics;
using Dom0Image.Kernels;
using Dom0Image.Processes;
using Dom0Image.Recipes;
using Dom0Image.Stages;

namespace Dom0Image.Tests.Kernels;

/// <summary>With Debian's own source and the real compiler, on a kernel as small as can be.</summary>
[Category("Integration")]
public sealed class KernelStageSpecs
{
    private const string Small = "CONFIG_64BIT=y\nCONFIG_KERNEL_GZIP=y\nCONFIG_TTY=y\nCONFIG_BINFMT_ELF=y\nCONFIG_STACKPROTECTOR=y\n";

    private readonly TempDirectory _temp = new();
    private readonly Watch _watch = new();

    [OneTimeTearDown]
    public void Delete() => _temp.Dispose();

    [Test]
    public async Task I_can_compile_a_small_kernel_after_a_kill_and_change_one_option()
    {
        _temp.Write("kernel-configs/base.config", Small);

        // Ended in the middle of the compilation, as by Ctrl-C.
        using var interrupt = new CancellationTokenSource();
        _watch.AtStep = (30, interrupt.Cancel);
        Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => MakeAsync(interrupt.Token));
        _watch.AtStep = null;

        var kernel = await MakeAsync();

        Assert.That(kernel.Output.Cached, Is.False);
        Assert.That(kernel.FileName, Is.EqualTo("kernel-6.12-tiny"));
        Assert.That(kernel.Release, Does.Match(@"^6\.12\.\d+-tiny$"));
        var image = File.ReadAllBytes(kernel.Image);
        Assert.That(Encoding.ASCII.GetString(image, 0x202, 4), Is.EqualTo("HdrS"), "a Linux boot header");
        Assert.That(Contains(image, kernel.Release), "the image tells its release");
        Assert.That(File.ReadAllText(kernel.SystemMap), Does.Contain(" T start_kernel"));
        Assert.That(File.ReadAllText(kernel.Config), Does.Contain("CONFIG_BINFMT_ELF=y"));
        Assert.That(kernel.Modules, Is.Null);
        var tree = Directory.GetDirectories(_temp["store/kernel-trees"], "build-*").Single();
        var linked = File.ReadAllBytes(Path.Combine(tree, "vmlinux"));
        Assert.That(Contains(linked, _temp.Path), Is.False, "no path of the build machine in the kernel");

        var all = _watch.Steps;
        Assert.That((await MakeAsync()).Output.Cached, Is.True);

        _temp.Write("kernel-configs/base.config", Small + "CONFIG_BINFMT_SCRIPT=y\n");
        _watch.Steps = 0;
        var changed = await MakeAsync();

        Assert.That(File.ReadAllText(changed.Config), Does.Contain("CONFIG_BINFMT_SCRIPT=y"));
        Assert.That(_watch.Steps, Is.InRange(1, all / 4), "only what the option touches is compiled");

        _temp.Write("kernel-configs/base.config", Small + "CONFIG_NET=y\nCONFIG_VIRTIO_NET=y\nCONFIG_TUN=y\n");
        var problems = Assert.ThrowsAsync<BuildFailedException>(() => MakeAsync())!.Diagnostics;

        Assert.That(problems.Select(problem => problem.Where!.Line), Is.EquivalentTo(new[] { 7, 8 }));
        Assert.That(problems.Select(problem => problem.Hint), Has.All.Contains("NETDEVICES is not set: add CONFIG_NETDEVICES=y"));
        Assert.That(problems.Select(problem => problem.Hint), Has.All.Contains("NET_CORE"));
        Assert.That(File.Exists(changed.Image), "what was made before is still there");
    }

    private async Task<KernelBuild> MakeAsync(CancellationToken cancellation = default)
    {
        var flavour = new KernelFlavour("tiny", "linux-source-6.12", ["base"]);
        var recipe = new Recipe
        {
            Name = "sample",
            File = "recipes/sample.yaml",
            Suite = "trixie",
            Architecture = "amd64",
            Components = ["main"],
            Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg",
            Flash = new FlashList(1 << 20, []),
            Kernels = [flavour],
        };
        var context = new StageContext(new Store(_temp["store"]), new ToolRunner(_temp["log"]), _watch, cancellation);
        var sources = await MirrorResolver.ResolveAsync(recipe, null, context);
        return await KernelStage.MakeAsync(recipe, flavour, new PackageFetcher(sources, recipe.Architecture, context), context, _temp["kernel-configs"]);
    }

    private static bool Contains(byte[] where, string text) => where.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    // Counts files that are compiled.
    private sealed class Watch : IStageProgress
    {
        public int Steps { get; set; }

        public (int Step, Action Act)? AtStep { get; set; }

        public void Report(string activity, double? fraction = null)
        {
            if (activity.StartsWith("compiling", StringComparison.Ordinal) && ++Steps == AtStep?.Step)
            {
                AtStep.Value.Act();
            }
        }

        public void Note(string message)
        {
        }

        public void Warn(string message)
        {
        }
    }
}
