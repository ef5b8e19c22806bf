using Cake.Frosting;
using Dom0Image.Diagnostics;
using Dom0Image.Generations;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Finds out whether a generation is still what was published.</summary>
[TaskName("Check")]
[TaskDescription("Compares the published generation, or --generation, with its manifest: every file, mode, owner and hash.")]
public sealed class CheckTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override async Task RunAsync(BuildContext context)
    {
        var id = context.Options.Generation ?? CurrentState.Read(context.Places).Root ?? throw new BuildFailedException(
            new Diagnostic($"nothing is published below '{context.Places.OnDisk(Places.Images)}'") { Hint = "--generation=ID names a generation, --prefix=DIR another place" });
        var different = await context.RunStageAsync(
            "check",
            stage => Task.Run(() => Verify(context.Places, id, stage.Cancellation), stage.Cancellation),
            found => new StageFacts { ChecksOnly = true, From = found.Count == 0 ? $"{id} is what was published" : $"{id}: {found.Count} differences" }).ConfigureAwait(false);
        GenerationCheck.Require(id, different);
    }

    // Generations share what is the same: a bad block can be in several.
    private static IReadOnlyList<ManifestDifference> Verify(Places places, string id, CancellationToken cancellation)
        => GenerationCheck.Verify(places, id, cancellation) is { Count: > 0 } found ? [.. found, .. SharedDamage.InOthers(places, id, found)] : [];
}
