using System.Text;
using Dom0Image.BootLab.Channel;
using Dom0Image.BootLab.Network;
using Dom0Image.Diagnostics;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.BootLab.Servers;

/// <summary>One server that runs in the lab: started, seen to be ready, logged, and stopped by KILL.</summary>
internal sealed class LabServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly RunningTool _tool;

    private LabServer(string name, string logFile, RunningTool tool)
    {
        Name = name;
        LogFile = logFile;
        _tool = tool;
    }

    /// <summary>The program's name.</summary>
    public string Name { get; }

    /// <summary>Its output and error output.</summary>
    public string LogFile { get; }

    /// <summary>Whether it still runs.</summary>
    public bool Alive => !_tool.Exited.IsCompleted;

    /// <summary>Why its output could not be kept, which ended it; null when all was.</summary>
    public Exception? Problem => _tool.Problem;

    /// <summary>Starts a server and waits until its port is open.</summary>
    /// <param name="inside">Where it runs.</param>
    /// <param name="root">Its <c>/</c>.</param>
    /// <param name="command">What to run, in the foreground.</param>
    /// <param name="port">The port that says it is ready; null for none.</param>
    /// <param name="logDirectory">Gets its log.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="BuildFailedException">It ended, or did not open its port in time.</exception>
    public static async Task<LabServer> StartAsync(LabNamespace inside, LabRoot root, ToolCommand command, ListeningPort? port, string logDirectory, CancellationToken cancellation)
    {
        var name = Path.GetFileName(command.Program);
        var log = Path.Combine(logDirectory, $"{name}.log");
        var gate = new Lock();
        void Keep(ReadOnlyMemory<byte> bytes)
        {
            lock (gate)
            {
                File.AppendAllText(log, PlainText.Of(Encoding.UTF8.GetString(bytes.Span)));
            }
        }

        var server = new LabServer(name, log, await inside.StartAsync(command, Keep, Keep, root.Directory).ConfigureAwait(false));
        try
        {
            await server.WaitUntilReadyAsync(inside, port, cancellation).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public IReadOnlyList<string> LastLines(int count) => File.Exists(LogFile) ? [.. File.ReadLines(LogFile).TakeLast(count)] : [];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _tool.DisposeAsync();

    private async Task WaitUntilReadyAsync(LabNamespace inside, ListeningPort? port, CancellationToken cancellation)
    {
        var until = DateTime.UtcNow + StartLimit;
        while (port is not null && !port.IsOpen(inside.ProcessId))
        {
            if (!Alive || DateTime.UtcNow > until)
            {
                if (Problem is { } problem)
                {
                    throw new IOException(problem.Message, problem);
                }

                var state = Alive ? $"opened no port in {StartLimit.TotalSeconds} s" : $"ended with exit code {await _tool.Exited.ConfigureAwait(false)}";
                throw new BuildFailedException(new Diagnostic($"boot test: the server {Name} {state}; its last lines:\n  {string.Join("\n  ", LastLines(15))}\n"));
            }

            await Task.Delay(50, cancellation).ConfigureAwait(false);
        }
    }
}
