using System.Collections.Concurrent;
using Dom0Image.Store;

namespace Dom0Image.Tests.Store;

/// <summary>Progress that remembers what was said.</summary>
internal sealed class Recorder : IStageProgress
{
    public ConcurrentQueue<string> Notes { get; } = [];

    public void Report(string activity, double? fraction = null)
    {
    }

    public void Note(string message) => Notes.Enqueue(message);

    public void Warn(string message) => Notes.Enqueue(message);
}
