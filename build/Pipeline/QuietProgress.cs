using Dom0Image.Store;

namespace Dom0Image.Pipeline;

/// <summary>Progress of what is over at once, and whose output is somebody's input: warnings go to the error output, the rest is not told.</summary>
internal sealed class QuietProgress : IStageProgress
{
    public void Report(string activity, double? fraction = null)
    {
    }

    public void Note(string message)
    {
    }

    public void Warn(string message) => Console.Error.WriteLine($"WARNING: {message}");
}
