using System.Collections.Immutable;
using Dom0Image.Archive;
using Dom0Image.BaseLayer;
using Dom0Image.Kernels;
using Dom0Image.Microcode;
using Dom0Image.Reporting;
using Dom0Image.Store;
using Dom0Image.Xen;

namespace Dom0Image.Pipeline;

/// <summary>Runs the stages that need nothing but the plan, under the user's eyes.</summary>
/// <param name="plan">What to make.</param>
/// <param name="context">Shows the stages.</param>
/// <param name="cancellation">Stops them, also when Ctrl-C did not.</param>
internal sealed class MaterialMaker(BuildPlan plan, BuildContext context, CancellationToken cancellation)
{
    private readonly Lock _lock = new();
    private Task<ArchiveState>? _archives = plan.Archives is { } asked ? Task.FromResult(asked) : null;
    private Task<PackageFetcher>? _fetcher;

    public Task<BaseLayerArchive> BaseLayerAsync() => context.RunStageAsync(
        "base layer",
        async stage => await BaseLayerStage.MakeAsync(plan.Recipe, plan.Sources, await ArchivesAsync(stage).ConfigureAwait(false), With(stage)).ConfigureAwait(false),
        layer => Facts(layer.Output, $"{plan.Recipe.Suite}, {File.ReadLines(layer.PackageList).Count()} packages", layer.Archive));

    /// <summary>The kernels, one after the other: each takes all cores.</summary>
    public async Task<ImmutableArray<KernelBuild>> KernelsAsync()
    {
        var kernels = ImmutableArray.CreateBuilder<KernelBuild>();
        foreach (var flavour in plan.Recipe.Kernels)
        {
            kernels.Add(await context.RunStageAsync(
                $"kernel {flavour.Name}",
                async stage => await KernelStage.MakeAsync(plan.Recipe, flavour, await FetcherAsync(stage).ConfigureAwait(false), With(stage), plan.KernelConfigs, config => plan.Kernels.Problems(flavour, config)).ConfigureAwait(false),
                kernel => Facts(kernel.Output, kernel.SourcePackage, kernel.Image)).ConfigureAwait(false));
        }

        return kernels.ToImmutable();
    }

    /// <summary>The hypervisor; null for a recipe without one.</summary>
    public async Task<HypervisorImage?> HypervisorAsync() => plan.Recipe.Hypervisor is not { } wanted
        ? null
        : await context.RunStageAsync(
            "hypervisor",
            async stage => await HypervisorStage.MakeAsync(wanted, await FetcherAsync(stage).ConfigureAwait(false), With(stage)).ConfigureAwait(false),
            image => Facts(image.Output, image.SourcePackage, image.File)).ConfigureAwait(false);

    /// <summary>Microcode for processors; null for a recipe without it.</summary>
    public async Task<MicrocodeImage?> MicrocodeAsync() => plan.Recipe.Microcode.IsEmpty
        ? null
        : await context.RunStageAsync(
            "microcode",
            async stage => await MicrocodeStage.MakeAsync(plan.Recipe.Microcode, await FetcherAsync(stage).ConfigureAwait(false), With(stage)).ConfigureAwait(false),
            image => Facts(image.Output, image.SourcePackages, image.File)).ConfigureAwait(false);

    private static StageFacts Facts(StageOutput output, string from, string file)
        => new() { Cached = output.Cached, From = from, Bytes = new FileInfo(file).Length };

    private StageContext With(StageContext stage) => stage with { Cancellation = cancellation };

    // Asked once in a run: all stages must see the same archives.
    private Task<ArchiveState> ArchivesAsync(StageContext stage)
    {
        lock (_lock)
        {
            return _archives ??= ArchiveState.ReadAsync(plan.Sources, With(stage));
        }
    }

    // One for all, so that the package lists are read once.
    private Task<PackageFetcher> FetcherAsync(StageContext stage)
    {
        lock (_lock)
        {
            return _fetcher ??= MakeAsync();
        }

        async Task<PackageFetcher> MakeAsync()
            => new(plan.Sources, plan.Recipe.Architecture, With(stage), await ArchivesAsync(stage).ConfigureAwait(false));
    }
}
