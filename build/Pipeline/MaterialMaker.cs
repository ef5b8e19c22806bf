using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.Kernels;
using Dom0Image.Reporting;
using Dom0Image.RootFs;
using Dom0Image.Stages;
using Dom0Image.Xen;

namespace Dom0Image.Pipeline;

/// <summary>Runs the stages that need nothing but the plan, under the user's eyes.</summary>
/// <param name="plan">What to make.</param>
/// <param name="context">Shows the stages.</param>
/// <param name="cancellation">Stops them, also when Ctrl-C did not.</param>
public sealed class MaterialMaker(BuildPlan plan, BuildContext context, CancellationToken cancellation)
{
    private PackageFetcher? _fetcher;

    /// <summary>The base layer.</summary>
    public Task<BaseLayer> BaseLayerAsync() => context.RunStageAsync(
        "base layer",
        stage => BaseLayerStage.MakeAsync(plan.Recipe, plan.Sources, With(stage)),
        layer => Facts(layer.Output, $"{plan.Recipe.Suite}, {File.ReadLines(layer.PackageList).Count()} packages", layer.Archive));

    /// <summary>The kernels, one after the other: each takes all cores.</summary>
    public async Task<ImmutableArray<KernelBuild>> KernelsAsync()
    {
        var kernels = ImmutableArray.CreateBuilder<KernelBuild>();
        foreach (var flavour in plan.Recipe.Kernels)
        {
            kernels.Add(await context.RunStageAsync(
                $"kernel {flavour.Name}",
                stage => KernelStage.MakeAsync(plan.Recipe, flavour, Fetcher(stage), With(stage), plan.KernelConfigs),
                kernel => Facts(kernel.Output, kernel.SourcePackage, kernel.Image)).ConfigureAwait(false));
        }

        return kernels.ToImmutable();
    }

    /// <summary>The hypervisor; null for a recipe without one.</summary>
    public async Task<HypervisorImage?> HypervisorAsync() => plan.Recipe.Hypervisor is not { } wanted
        ? null
        : await context.RunStageAsync(
            "hypervisor",
            stage => HypervisorStage.MakeAsync(wanted, Fetcher(stage), With(stage)),
            image => Facts(image.Output, image.SourcePackage, image.File)).ConfigureAwait(false);

    private static StageFacts Facts(StageOutput output, string from, string file)
        => new() { Cached = output.Cached, From = from, Bytes = new FileInfo(file).Length };

    private StageContext With(StageContext stage) => stage with { Cancellation = cancellation };

    // One for all, so that the package lists are read once.
    private PackageFetcher Fetcher(StageContext stage)
        => LazyInitializer.EnsureInitialized(ref _fetcher, () => new PackageFetcher(plan.Sources, plan.Recipe.Architecture, With(stage)));
}
