using Cake.Frosting;
using Dom0Image.HostTools;
using Dom0Image.Pipeline;

namespace Dom0Image.Tasks;

/// <summary>Opens a shell in the generation that hosts boot, and keeps what is changed there as a layer.</summary>
[TaskName("Edit")]
[TaskDescription("Opens a shell in the generation that hosts boot; what you change and keep comes into each later build. --command=LINE for scripts.")]
[Needs(ToolSet.RootFs)]
[IsDependentOn(typeof(HostToolsTask))]
public sealed class EditTask : AsyncFrostingTask<BuildContext>
{
    /// <inheritdoc/>
    public override Task RunAsync(BuildContext context) => new EditRun(context).RunAsync();
}
