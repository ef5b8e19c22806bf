using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Foresees how large a generation will be.</summary>
internal static class GenerationEstimate
{
    // A tar's headers and padding stand for inodes and blocks; beside them are manifest, reports and the RAM tree.
    private const int Beside = 16;
    private const long AtLeast = 1 << 20;

    /// <summary>The size of a plan's generation, a little more rather than less.</summary>
    /// <param name="plan">Its overlays.</param>
    /// <param name="materials">What it is made of.</param>
    /// <param name="context">For the tools.</param>
    public static async Task<GenerationSize> OfAsync(BuildPlan plan, Materials materials, StageContext context)
    {
        long[] image =
        [
            await materials.BaseLayer.SizeAsync(context).ConfigureAwait(false),
            .. plan.Recipe.Overlays.Select(name => TreeOf(plan.Overlay(name))),
            .. materials.Kernels.Select(kernel => Of(kernel.Config) + Of(kernel.SystemMap) + (kernel.Modules is { } modules ? TreeOf(modules) : 0)),
        ];
        var tftp = materials.Kernels.Sum(kernel => Of(kernel.Image)) + (materials.Hypervisor is { } hypervisor ? Of(hypervisor.File) : 0) + (materials.Microcode is { } microcode ? Of(microcode.File) : 0);
        return new GenerationSize(image.Sum() + Math.Max(image.Sum() / Beside, AtLeast), tftp);
    }

    private static long TreeOf(string directory) => FileNode.Get(directory).Below().Where(node => node.IsFile).Sum(node => node.Size);

    private static long Of(string file) => new FileInfo(file).Length;
}
