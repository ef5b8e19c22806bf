using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Store;

/// <summary>What every stage is given besides its inputs: the edges of the system.</summary>
/// <param name="Store">Caches and finished stages.</param>
/// <param name="Tools">Runs host tools and logs them.</param>
/// <param name="Progress">Tells the user how far the work is.</param>
/// <param name="Cancellation">Ctrl-C.</param>
internal sealed record StageContext(BuildStore Store, ToolRunner Tools, IStageProgress Progress, CancellationToken Cancellation)
{
    /// <summary>Runs a tool with this context's log and cancellation.</summary>
    public Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onLine = null) => Tools.RunAsync(command, onLine, Cancellation);

    /// <summary>
    /// Gives the finished output of a stage: from the store when its key is there, else made by <paramref name="make"/>
    /// in a work directory that is written out to the disk and renamed into the store when it is whole. A kill at any
    /// moment leaves either a whole output or a leftover in the work directory, which the next build deletes.
    /// </summary>
    /// <param name="stage">The stage's name, a directory name.</param>
    /// <param name="key">The key over all its inputs.</param>
    /// <param name="make">Fills the empty directory that it is given.</param>
    /// <exception cref="BuildFailedException">The stage failed, or the disk is full.</exception>
    public async Task<StageOutput> GetOrMakeAsync(string stage, StageKey key, Func<string, Task> make)
    {
        var finished = Store.Finished(stage, key);
        var cached = Directory.Exists(finished);
        try
        {
            if (!cached)
            {
                await MakeAsync(stage, key, finished, make).ConfigureAwait(false);
            }

            StoreUse.Note(finished);
        }
        catch (Exception problem) when (DiskSpace.Explain(problem, Store.Root) is { } full)
        {
            throw full;
        }

        return new StageOutput(key, finished, cached);
    }

    private async Task MakeAsync(string stage, StageKey key, string finished, Func<string, Task> make)
    {
        var work = Path.Combine(Store.Work, $"{stage}-{key.Short}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(work);
        try
        {
            await make(work).ConfigureAwait(false);
            Cancellation.ThrowIfCancellationRequested();

            // The content first, then the name: a power cut can't leave a finished name over unwritten files. This is also
            // where a disk shows that it was full when data is written late.
            Durable.SyncTree(work);
            Directory.CreateDirectory(Path.GetDirectoryName(finished)!);
            Durable.RenameAndSync(work, finished);
        }
        catch (IOException) when (Directory.Exists(finished))
        {
            // Made side by side: what has the same key is the same.
            DeleteQuietly(work);
        }
        catch
        {
            DeleteQuietly(work);
            throw;
        }
    }

    // The reason of the failure matters more than a leftover, which the next build deletes.
    private void DeleteQuietly(string work)
    {
        try
        {
            SafeDelete.Tree(work);
        }
        catch (Exception problem) when (problem is IOException or BuildFailedException)
        {
            Progress.Warn($"left behind: {problem.Message}");
        }
    }
}

/// <summary>A stage's finished output.</summary>
/// <param name="Key">The key that it was made for.</param>
/// <param name="Directory">Where it stands; not to be written to.</param>
/// <param name="Cached">Whether it was in the store already.</param>
internal sealed record StageOutput(StageKey Key, string Directory, bool Cached);

/// <summary>How a stage tells what it is doing. Implementations draw bars on a terminal and lines elsewhere.</summary>
internal interface IStageProgress
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
