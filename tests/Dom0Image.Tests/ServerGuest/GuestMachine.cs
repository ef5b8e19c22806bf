using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Serial;
using Dom0Image.Posix;
using Dom0Image.Processes;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>A server guest that runs: a Debian server in QEMU, the boot server of its lab.</summary>
internal sealed partial class GuestMachine : IAsyncDisposable
{
    // On a machine that does nothing else.
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan OffLimit = TimeSpan.FromSeconds(180);

    private readonly LabNamespace _inside;
    private readonly GuestImage _image;
    private readonly string _socket;
    private readonly RunningTool _qemu;
    private readonly StringBuilder _errors;
    private GuestShell? _shell;

    private GuestMachine(LabNamespace inside, GuestImage image, string socket, RunningTool qemu, SerialConsole console, StringBuilder errors)
    {
        _inside = inside;
        _image = image;
        _socket = socket;
        _qemu = qemu;
        Console = console;
        _errors = errors;
    }

    /// <summary>Its serial console.</summary>
    public SerialConsole Console { get; }

    /// <summary>Switches one on and waits until root can log in.</summary>
    /// <param name="inside">The network that has a tap for it.</param>
    /// <param name="image">What it was made from.</param>
    /// <param name="disks">Its disks, the system's first.</param>
    /// <param name="work">A directory for its connection.</param>
    /// <param name="serialLog">Gets every line of its console, with times.</param>
    public static async Task<GuestMachine> StartAsync(LabNamespace inside, GuestImage image, IReadOnlyList<GuestDisk> disks, string work, string serialLog)
    {
        RunningTool? qemu = null;
        var errors = new StringBuilder();
        var console = new SerialConsole((text, cancel) => qemu!.WriteAsync(text, cancel), serialLog, Stopwatch.StartNew());
        qemu = await inside.StartAsync(GuestQemu.For(image, disks), console.Take, bytes =>
        {
            lock (errors)
            {
                errors.Append(Encoding.UTF8.GetString(bytes.Span));
            }
        });
        var machine = new GuestMachine(inside, image, Path.Combine(work, "ssh"), qemu, console, errors);
        _ = machine.EndConsoleAsync();
        try
        {
            await machine.ConnectAsync(after: 0);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program to its end, whatever its exit code.</summary>
    public Task<GuestResult> TryAsync(params string[] words) => Shell.TryAsync(words);

    /// <summary>Runs a program that must succeed; its output.</summary>
    public async Task<string> RunAsync(params string[] words) => (await TryAsync(words)).Succeeded();

    /// <summary>Runs a script of <c>sh -e</c>, whatever its exit code.</summary>
    public Task<GuestResult> TryScriptAsync(string script) => Shell.TryScriptAsync(script);

    /// <summary>Runs a script of <c>sh -e</c> that must succeed; its output.</summary>
    public async Task<string> ScriptAsync(string script) => (await TryScriptAsync(script)).Succeeded();

    /// <summary>Copies a file or directory of this machine into the guest.</summary>
    public Task CopyInAsync(string from, string to) => Shell.CopyInAsync(from, to);

    /// <summary>Copies a file or directory of the guest to this machine.</summary>
    public Task CopyOutAsync(string from, string to) => Shell.CopyOutAsync(from, to);

    /// <summary>Restarts it as an administrator does, and waits until root can log in again.</summary>
    public async Task RebootAsync()
    {
        var mark = Console.Mark;
        await RunAsync("systemctl", "reboot");
        await DisconnectAsync();
        await ConnectAsync(mark);
    }

    /// <summary>Shuts it down as an administrator does.</summary>
    public async Task ShutDownAsync()
    {
        await RunAsync("systemctl", "poweroff");
        await DisconnectAsync();
        try
        {
            await _qemu.Exited.WaitAsync(OffLimit * LoadAverage.Slowness());
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the server guest does not go off:\n{LastWords()}");
        }
    }

    /// <summary>Kills QEMU. What the guest has written is in its disks all the same: this is no power cut.</summary>
    public async Task KillAsync()
    {
        await _qemu.StopAsync();
        await DisconnectAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        await _qemu.DisposeAsync();
    }

    /// <summary>What it said last, for people.</summary>
    public string LastWords()
    {
        lock (_errors)
        {
            return string.Join('\n', Console.Lines.TakeLast(40).Select(l => l.Text).Append(_errors.ToString()));
        }
    }

    private GuestShell Shell => _shell ?? throw new InvalidOperationException("the server guest is off");

    private async Task ConnectAsync(int after)
    {
        var limit = BootLimit * LoadAverage.Slowness();
        try
        {
            if (await Console.ExpectAsync(LogIn(), after, limit, CancellationToken.None) is null)
            {
                throw new TimeoutException($"no log-in prompt after {limit.TotalSeconds:F0} s");
            }

            _shell = await GuestShell.ConnectAsync(_inside, _image, _socket);
        }
        catch (Exception problem) when (problem is ConsoleException or TimeoutException)
        {
            throw new InvalidOperationException($"the server guest did not come up: {problem.Message}\n{LastWords()}", problem);
        }
    }

    private async Task DisconnectAsync()
    {
        if (_shell is { } shell)
        {
            _shell = null;
            await shell.DisposeAsync();
        }
    }

    private async Task EndConsoleAsync()
    {
        await _qemu.Exited;
        Console.End("QEMU ended");
    }

    [GeneratedRegex("server login:")]
    private static partial Regex LogIn();
}
