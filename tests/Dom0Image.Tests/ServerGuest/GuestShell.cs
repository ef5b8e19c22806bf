using Dom0Image.BootLab.Network;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>Runs commands in a server guest, over one ssh connection from inside its network.</summary>
internal sealed class GuestShell : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly LabNamespace _inside;
    private readonly string _socket;
    private readonly RunningTool _connection;

    private GuestShell(LabNamespace inside, string socket, RunningTool connection)
    {
        _inside = inside;
        _socket = socket;
        _connection = connection;
    }

    /// <summary>Connects to a guest whose sshd listens.</summary>
    /// <param name="inside">The guest's network.</param>
    /// <param name="image">Has the keys.</param>
    /// <param name="socket">Path for the connection; not there yet.</param>
    public static async Task<GuestShell> ConnectAsync(LabNamespace inside, GuestImage image, string socket)
    {
        using var time = new CancellationTokenSource(ConnectLimit * LoadAverage.Slowness());
        while (true)
        {
            // A key agreement takes seconds under translation, so that all commands share one.
            var connection = await inside.StartAsync(new ToolCommand(
                "ssh", "-M", "-N", "-S", socket, "-F", "none", "-i", image.Key, "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=30",
                "-o", $"UserKnownHostsFile={image.KnownHosts}", "-o", "StrictHostKeyChecking=yes", "-o", "ServerAliveInterval=20", "-o", "ServerAliveCountMax=6",
                $"root@{GuestSettings.Address}"), _ => { });
            while (!File.Exists(socket) && !connection.Exited.IsCompleted)
            {
                if (time.IsCancellationRequested)
                {
                    await connection.DisposeAsync();
                    throw new TimeoutException("the server guest's sshd does not answer");
                }

                await Task.Delay(Pause, CancellationToken.None);
            }

            if (!connection.Exited.IsCompleted)
            {
                return new GuestShell(inside, socket, connection);
            }

            await connection.DisposeAsync();
        }
    }

    /// <summary>Runs a program; its output, its errors among it, and whatever its exit code.</summary>
    // ssh hands its words to the guest's shell as one line.
    public Task<GuestResult> TryAsync(params string[] words) => RunAsync(string.Join(' ', words.Select(ShellWord.Quote)), null);

    /// <summary>Runs a script of <c>sh -e</c>; its output, its errors among it, and whatever its exit code.</summary>
    public Task<GuestResult> TryScriptAsync(string script) => RunAsync("sh -e", script);

    /// <summary>Copies a file or directory of this machine into the guest.</summary>
    public Task CopyInAsync(string from, string to) => CopyAsync(from, $"guest:{to}");

    /// <summary>Copies a file or directory of the guest to this machine.</summary>
    public Task CopyOutAsync(string from, string to) => CopyAsync($"guest:{from}", to);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        File.Delete(_socket);
    }

    private async Task<GuestResult> RunAsync(string remote, string? input)
    {
        var ended = await _inside.RunAsync(new ToolCommand("ssh", "-S", _socket, "-F", "none", "-o", "BatchMode=yes", "guest", "--", $"exec 2>&1; {remote}")
        {
            StandardInput = input ?? "",
            SuccessCodes = [.. Enumerable.Range(0, 256)],
        }, CancellationToken.None);
        return new GuestResult(remote, ended.ExitCode, ended.Output);
    }

    private Task<ToolResult> CopyAsync(string from, string to)
        => _inside.RunAsync(new ToolCommand("scp", "-q", "-r", "-p", "-F", "none", "-o", $"ControlPath={_socket}", "-o", "BatchMode=yes", "--", from, to), CancellationToken.None);
}

/// <summary>How a command in a guest ended.</summary>
/// <param name="Command">As the guest's shell got it.</param>
/// <param name="ExitCode">Its exit code; 255 also when the connection broke.</param>
/// <param name="Output">Output and errors.</param>
internal sealed record GuestResult(string Command, int ExitCode, string Output)
{
    /// <summary>The output of a command that succeeded; the test fails when it did not.</summary>
    public string Succeeded()
    {
        Assert.That(ExitCode, Is.Zero, () => $"{Command}\n{Output}");
        return Output;
    }
}
