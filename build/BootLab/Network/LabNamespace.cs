using System.Text;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.BootLab.Network;

/// <summary>
/// Network, mount and process namespaces of one boot test. They have no name: they exist as long as one process of ours
/// does, and the kernel takes that process, everything started in here, the taps and the mounts away when we end, also
/// by kill -9.
/// </summary>
internal sealed class LabNamespace : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ToolRunner _tools;
    private readonly RunningTool _anchor;
    private readonly Isolation _isolation;

    private LabNamespace(ToolRunner tools, RunningTool anchor, Isolation isolation)
    {
        _tools = tools;
        _anchor = anchor;
        _isolation = isolation;
    }

    /// <summary>The process that holds the namespaces.</summary>
    public int ProcessId => _anchor.ProcessId;

    /// <summary>Makes the namespaces. Needs root.</summary>
    /// <param name="tools">Runs tools.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <param name="mounts">Whose mounts are seen inside; null for the machine's.</param>
    /// <exception cref="BuildFailedException">The kernel does not let us, or a tool is missing.</exception>
    public static Task<LabNamespace> StartAsync(ToolRunner tools, CancellationToken cancellation, LabNamespace? mounts = null)
        => StartAsync(tools, mounts is null ? Isolation.Held : Isolation.Held.OverMountsOf(mounts.ProcessId), cancellation);

    /// <summary>Makes a mount namespace alone: commands run in here are this machine's but for what they mount.</summary>
    /// <param name="tools">Runs tools.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="BuildFailedException">The kernel does not let us, or a tool is missing.</exception>
    internal static Task<LabNamespace> HoldMountsAsync(ToolRunner tools, CancellationToken cancellation)
        => StartAsync(tools, Isolation.Mounts, cancellation);

    /// <summary>Starts the process that holds them.</summary>
    /// <param name="tools">Runs tools.</param>
    /// <param name="isolation">Makes them.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    internal static async Task<LabNamespace> StartAsync(ToolRunner tools, Isolation isolation, CancellationToken cancellation)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var problem = new StringBuilder();

        // cat is the first process in there; it ends when our end of the pipe is gone, should every signal be missed.
        var anchor = await tools.StartAsync(
            new ToolCommand("cat") { Isolation = isolation },
            _ => answered.TrySetResult(),
            bytes => problem.Append(Encoding.UTF8.GetString(bytes.Span))).ConfigureAwait(false);
        try
        {
            await anchor.WriteAsync("ready\n", cancellation).ConfigureAwait(false);
            await Task.WhenAny(answered.Task, anchor.Exited).WaitAsync(StartLimit, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            problem.Append(failure.Message);
        }

        if (!answered.Task.IsCompleted)
        {
            await anchor.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            throw new BuildFailedException(new Diagnostic($"cannot make a network for the boot test: {problem.ToString().Trim()}")
            {
                Hint = "It takes root and a kernel that allows network, mount and process namespaces",
            });
        }

        try
        {
            isolation.RequireHeldBy(anchor.ProcessId);
        }
        catch
        {
            await anchor.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new LabNamespace(tools, anchor, isolation);
    }

    /// <summary>A command as it runs in here; killed with the one who started it.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="root">Directory that is its <c>/</c>, or null for the machine's.</param>
    public ToolCommand Inside(ToolCommand command, string? root = null) => command with { Isolation = _isolation.HeldBy(ProcessId, root) };

    /// <summary>Runs a command in here to its end.</summary>
    public Task<ToolResult> RunAsync(ToolCommand command, CancellationToken cancellation) => _tools.RunAsync(Inside(command), null, cancellation);

    /// <summary>Starts a command in here that runs until it is stopped.</summary>
    public Task<RunningTool> StartAsync(ToolCommand command, Action<ReadOnlyMemory<byte>> onOutput, Action<ReadOnlyMemory<byte>>? onError = null, string? root = null)
        => _tools.StartAsync(Inside(command, root), onOutput, onError);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _anchor.DisposeAsync();
}
