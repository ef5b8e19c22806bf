using System.Text;
using CliWrap;

namespace Dom0Image.Processes;

/// <summary>
/// A tool that runs beside us until it is stopped: a server, a virtual machine. Its output comes in as it is written,
/// and text can be sent to its standard input. Disposing it kills it.
/// </summary>
internal sealed class RunningTool : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task<int> _exited;
    private readonly TaskCompletionSource<Stream> _input;
    private readonly Task<Exception> _problem;
    private bool _disposed;

    private RunningTool(int processId, CancellationTokenSource stop, Task<int> exited, TaskCompletionSource<Stream> input, Task<Exception> problem)
    {
        _problem = problem;
        ProcessId = processId;
        _stop = stop;
        _exited = exited;
        _input = input;
    }

    /// <summary>The process, as this machine's outermost process namespace numbers it.</summary>
    public int ProcessId { get; }

    /// <summary>Ends with the exit code when the tool ends, by itself or by a stop; never fails.</summary>
    public Task<int> Exited => _exited;

    /// <summary>Why its output could not be taken, such as a log on a full disk: it was killed for that. Null when all was taken.</summary>
    public Exception? Problem => _problem.IsCompleted ? _problem.Result : null;

    /// <summary>Starts an already wrapped command line.</summary>
    internal static async Task<RunningTool> StartAsync(ToolCommand command, Command cli, Action<ReadOnlyMemory<byte>> onOutput, Action<ReadOnlyMemory<byte>> onError)
    {
        var stop = new CancellationTokenSource();
        var input = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var problem = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Else it would wait for ever for someone to read what it writes, and nobody would know why.
        void GiveUp(Exception why)
        {
            problem.TrySetResult(why);
            stop.Cancel();
        }

        var wired = cli
            .WithStandardInputPipe(PipeSource.Create(async (stream, cancel) =>
            {
                input.TrySetResult(stream);
                await ended.Task.WaitAsync(cancel).ConfigureAwait(false);
            }))
            .WithStandardOutputPipe(Forward(onOutput, GiveUp))
            .WithStandardErrorPipe(Forward(onError, GiveUp));
        var task = await LauncherThread.RunAsync(() => wired.ExecuteAsync(stop.Token, CancellationToken.None)).ConfigureAwait(false);
        return new RunningTool(task.ProcessId, stop, WaitAsync(task, ended), input, problem.Task);
    }

    /// <summary>Sends bytes to the tool's standard input.</summary>
    public async Task WriteAsync(string text, CancellationToken cancellation = default)
    {
        var stream = await _input.Task.WaitAsync(cancellation).ConfigureAwait(false);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Kills the tool (SIGKILL: servers and virtual machines of a test have nothing to save) and waits until it is gone.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _exited.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            await StopAsync().ConfigureAwait(false);
            _disposed = true;
            _stop.Dispose();
        }
    }

    private static async Task<int> WaitAsync(CommandTask<CommandResult> task, TaskCompletionSource ended)
    {
        try
        {
            return (await task.ConfigureAwait(false)).ExitCode;
        }
        catch (OperationCanceledException)
        {
            return 128 + 9;
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    private static PipeTarget Forward(Action<ReadOnlyMemory<byte>> take, Action<Exception> giveUp) => PipeTarget.Create(async (stream, cancel) =>
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            try
            {
                take(buffer.AsMemory(0, read));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                giveUp(problem);
                return;
            }
        }
    });
}
