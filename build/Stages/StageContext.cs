using Dom0Image.Processes;

namespace Dom0Image.Stages;

/// <summary>What every stage is given besides its inputs: the edges of the system.</summary>
/// <param name="Store">Caches and finished stages.</param>
/// <param name="Tools">Runs host tools and logs them.</param>
/// <param name="Progress">Tells the user how far the work is.</param>
/// <param name="Cancellation">Ctrl-C.</param>
public sealed record StageContext(Store Store, ToolRunner Tools, IStageProgress Progress, CancellationToken Cancellation)
{
    /// <summary>Runs a tool with this context's log and cancellation.</summary>
    public Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onLine = null) => Tools.RunAsync(command, onLine, Cancellation);

    /// <summary>
    /// Gives the finished output of a stage: from the store when its key is there, else made by <paramref name="make"/>
    /// in a work directory that is renamed into the store when it is whole.
    /// </summary>
    /// <param name="stage">The stage's name, a directory name.</param>
    /// <param name="key">The key over all its inputs.</param>
    /// <param name="make">Fills the empty directory that it is given.</param>
    public async Task<StageOutput> GetOrMakeAsync(string stage, StageKey key, Func<string, Task> make)
    {
        var finished = Store.Finished(stage, key);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        if (Directory.Exists(finished))
        {
            return new StageOutput(stage, key, finished, Cached: true, watch.Elapsed);
        }

        var work = Path.Combine(Store.Work, $"{stage}-{key.Short}-{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        await make(work).ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(finished)!);
        Directory.Move(work, finished);
        return new StageOutput(stage, key, finished, Cached: false, watch.Elapsed);
    }
}

/// <summary>A stage's finished output.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Key">The key that it was made for.</param>
/// <param name="Directory">Where it stands; not to be written to.</param>
/// <param name="Cached">Whether it was in the store already.</param>
/// <param name="Took">Time spent in this run.</param>
public sealed record StageOutput(string Stage, StageKey Key, string Directory, bool Cached, TimeSpan Took);

/// <summary>How a stage tells what it is doing. Implementations draw bars on a terminal and lines elsewhere.</summary>
public interface IStageProgress
{
    /// <summary>What is being done now, and how far it is.</summary>
    /// <param name="activity">A few words, such as <c>"unpacking linux-source-6.12"</c>.</param>
    /// <param name="fraction">From 0 to 1, or null when the end cannot be told.</param>
    void Report(string activity, double? fraction = null);

    /// <summary>A line that stays: something that the user should know and need not act on.</summary>
    void Note(string message);

    /// <summary>A line that stays: something that the user should look at.</summary>
    void Warn(string message);
}
