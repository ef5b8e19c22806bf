using System.Collections.Concurrent;
using Dom0Image.Processes;
using Dom0Image.Store;

namespace Dom0Image.Tests.Boot;

/// <summary>A store and a scratch directory of one test.</summary>
internal sealed class Workshop : IStageProgress, IDisposable
{
    private readonly ConcurrentQueue<string> _told = new();

    public Workshop()
    {
        Root = Directory.CreateTempSubdirectory("dom0image-boot-").FullName;
        Context = new StageContext(new BuildStore(Path.Combine(Root, "store")), new ToolRunner(Path.Combine(Root, "log")), this, CancellationToken.None);
    }

    public string Root { get; }

    public StageContext Context { get; }

    public IEnumerable<string> Told => _told;

    public void Report(string activity, double? fraction = null)
    {
    }

    public void Note(string message) => _told.Enqueue(message);

    public void Warn(string message) => _told.Enqueue(message);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
