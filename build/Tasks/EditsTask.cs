using Cake.Frosting;
using Dom0Image.Pipeline;
using Dom0Image.Reporting;

namespace Dom0Image.Tasks;

/// <summary>Shows, drops and carries the layers of a recipe, and settles their conflicts.</summary>
[TaskName("Edits")]
[TaskDescription("Lists what was kept of edits and what is in conflict; --show=NAME, --drop=NAME, --export=DIR, --import=DIR, --answer=mine|base --path=PATH.")]
public sealed class EditsTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context)
        => context.RunStageAsync("edits", new EditsRun(context).RunAsync, done => new StageFacts { From = $"recipe {context.Options.Recipe}{(done.Length > 0 ? $"; {done}" : "")}", ChecksOnly = done.Length == 0 });
}
