using System.Collections.Immutable;
using Dom0Image.BaseLayer;
using Dom0Image.Edits;
using Dom0Image.Edits.Merge;
using Dom0Image.Generations;
using Dom0Image.Kernels;
using Dom0Image.Microcode;
using Dom0Image.Xen;

namespace Dom0Image.Pipeline;

/// <summary>What a generation is made from; each part comes from the store when its inputs did not change.</summary>
/// <param name="BaseLayer">The packages, unpacked and configured.</param>
/// <param name="Kernels">One for each flavour.</param>
/// <param name="Hypervisor">Null for an image without Xen.</param>
internal sealed record Materials(BaseLayerArchive BaseLayer, ImmutableArray<KernelBuild> Kernels, HypervisorImage? Hypervisor)
{
    /// <summary>Null for a recipe without microcode.</summary>
    public MicrocodeImage? Microcode { get; init; }

    /// <summary>The base layer as it was laid, which the edits' packages are not in.</summary>
    public BaseLayerArchive Laid { get; init; } = BaseLayer;

    /// <summary>The edits that go into the root: those of the plan, less those whose packages do not fit.</summary>
    public RecipeEdits Edits { get; init; } = RecipeEdits.None;

    /// <summary>Why the packages of others do not.</summary>
    public ImmutableArray<EditConflict> Conflicts { get; init; } = [];

    /// <summary>The keys by which they are found again.</summary>
    public GenerationMaterials Keys => new(
        Laid.Output.Key.Value,
        Kernels.ToDictionary(kernel => kernel.Flavour.Name, kernel => kernel.Output.Key.Value),
        Hypervisor?.Output.Key.Value,
        Microcode?.Output.Key.Value);

    /// <summary>
    /// Makes them side by side: the base layer waits for the network and for dpkg, the kernels keep the cores busy. When
    /// one fails the others are stopped, and its failure is the one that is told.
    /// </summary>
    public static async Task<Materials> MakeAsync(BuildPlan plan, BuildContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var maker = new MaterialMaker(plan, context, stop.Token);
        var baseLayer = maker.BaseLayerAsync();
        var hypervisor = maker.HypervisorAsync();
        var microcode = maker.MicrocodeAsync();
        var kernels = maker.KernelsAsync();
        Task[] parts = [baseLayer, hypervisor, microcode, kernels];
        foreach (var part in parts)
        {
            _ = part.ContinueWith(_ => stop.CancelAsync(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        try
        {
            await Task.WhenAll(parts).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (parts.FirstOrDefault(p => p.IsFaulted) is { } failed)
        {
            await failed.ConfigureAwait(false);
        }

        return new Materials(await baseLayer.ConfigureAwait(false), await kernels.ConfigureAwait(false), await hypervisor.ConfigureAwait(false))
        {
            Microcode = await microcode.ConfigureAwait(false),
        };
    }
}
