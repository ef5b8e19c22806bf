using Cake.Frosting;
using Dom0Image.Pipeline;

namespace Dom0Image.Tasks;

/// <summary>Makes the generation that hosts boot now again with the edits that are kept, and publishes it. The plan takes it from there.</summary>
[TaskName("Republish")]
[TaskDescription("Publishes what hosts boot now again, with the edits that are kept; asks no mirror.")]
[IsDependentOn(typeof(PublishTask))]
public sealed class RepublishTask : AsyncFrostingTask<BuildContext>;
