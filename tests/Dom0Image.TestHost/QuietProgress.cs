using Dom0Image.Store;

namespace Dom0Image.TestHost;

/// <summary>Progress for a process that nobody looks at; notes go to standard output.</summary>
internal sealed class QuietProgress : IStageProgress
{
    public void Report(string activity, double? fraction = null)
    {
    }

    public void Note(string message) => Console.WriteLine(message);

    public void Warn(string message) => Console.WriteLine(message);
}
