using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task as the host sees it; write one by deriving from <see cref="FrostingTask{T}"/> or <see cref="AsyncFrostingTask{T}"/>.</summary>
public interface IFrostingTask
{
    /// <summary>Does the work.</summary>
    Task RunAsync(ICakeContext context);

    /// <summary>Whether there is work to do; if not, the task counts as skipped.</summary>
    bool ShouldRun(ICakeContext context);

    /// <summary>Why it was skipped.</summary>
    string SkippedMessage => string.Empty;

    /// <summary>Takes the place of failing, when overridden.</summary>
    void OnError(Exception exception, ICakeContext context);

    /// <summary>Runs at the end, failed or not.</summary>
    void Finally(ICakeContext context);
}
