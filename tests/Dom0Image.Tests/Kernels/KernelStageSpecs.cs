using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Tests.BootLab;

namespace Dom0Image.Tests.Kernels;

/// <summary>With Debian's own source and the real compiler: the kernel that the boot tests boot.</summary>
[Category("Boots")]
[Parallelizable(ParallelScope.Self)]
internal sealed class KernelStageSpecs
{
    [Test]
    public async Task I_can_compile_a_kernel_also_when_it_was_interrupted()
    {
        var built = await BuiltGeneration.GetAsync();
        var kernel = built.Kernel.Kernel;

        // Where a store was brought along, with the kernel or with its tree, there is too little to interrupt.
        Assert.That(built.Kernel.Interrupted || BuiltGeneration.StoreWasBrought);
        Assert.That(kernel.FileName, Is.EqualTo("kernel-6.12-xen-generic"));
        Assert.That(kernel.Release, Does.Match(@"^6\.12\.\d+-xen-generic$"));
        var image = File.ReadAllBytes(kernel.Image);
        Assert.That(Encoding.ASCII.GetString(image, 0x202, 4), Is.EqualTo("HdrS"), "a Linux boot header");
        Assert.That(Contains(image, kernel.Release), "the image tells its release");
        Assert.That(File.ReadAllText(kernel.SystemMap), Does.Contain(" T start_kernel"));
        Assert.That(File.ReadAllText(kernel.Config), Does.Contain("CONFIG_ROOT_NFS=y"));
        Assert.That(kernel.Modules, Is.Null);
        Assert.That(Contains(await built.KernelFileAsync(), built.Context.Store.Root), Is.False, "no path of the build machine in the kernel");
    }

    [Test]
    public async Task I_can_change_one_option_and_only_what_it_touches_is_compiled()
    {
        var built = await BuiltGeneration.GetAsync();

        var changed = await built.KernelWithoutRootNfsAsync();

        Assert.That(changed.Kernel.Output.Key, Is.Not.EqualTo(built.Kernel.Kernel.Output.Key));
        Assert.That(File.ReadAllText(changed.Kernel.Config), Does.Contain("# CONFIG_ROOT_NFS is not set"));
        Assert.That(File.ReadAllText(built.Kernel.Kernel.Config), Does.Contain("CONFIG_ROOT_NFS=y"), "what was made before is still there");
        Assert.That(changed.Steps, changed.Kernel.Output.Cached ? Is.Zero : Is.InRange(1, built.Kernel.Interrupted ? built.Kernel.Steps / 4 : 500));
    }

    [Test]
    public async Task I_am_told_which_option_another_one_needs_before_anything_is_compiled()
    {
        var built = await BuiltGeneration.GetAsync();
        var lines = 0;

        var problems = Assert.ThrowsAsync<BuildFailedException>(() => built.KernelWithAsync("nfs-root", all =>
        {
            lines = all.Length;
            return [.. all, "CONFIG_NFSD_V4=y"];
        }))!.Diagnostics;

        Assert.That(problems.Select(problem => problem.Where!.Line), Is.EqualTo(new[] { lines + 1 }), () => string.Join('\n', problems));
        Assert.That(problems[0].Hint, Does.Contain("NFSD is not set: add CONFIG_NFSD=y"));
        Assert.That(File.Exists(built.Kernel.Kernel.Image), "what was made before is still there");
    }

    private static bool Contains(byte[] where, string text) => where.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;
}
