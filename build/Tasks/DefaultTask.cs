using Cake.Frosting;
using Dom0Image.Pipeline;

namespace Dom0Image.Tasks;

/// <summary>Builds the recipe and publishes it.</summary>
[TaskName("Default")]
[TaskDescription("Builds the recipe, boots it, and publishes it.")]
[IsDependentOn(typeof(PublishTask))]
public sealed class DefaultTask : AsyncFrostingTask<BuildContext>;
