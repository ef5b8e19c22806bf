using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task as the host sees it; write one by deriving from <see cref="AsyncFrostingTask{T}"/>.</summary>
public interface IFrostingTask
{
    /// <summary>Does the work.</summary>
    Task RunAsync(ICakeContext context);

    /// <summary>Whether there is work to do; if not, the task counts as skipped.</summary>
    bool ShouldRun(ICakeContext context);
}
