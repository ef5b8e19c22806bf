using System.Diagnostics;
using System.Text;
using Dom0Image.BootLab.Network;
using Dom0Image.BootLab.Serial;
using Dom0Image.Processes;
using Dom0Image.Recipes;

namespace Dom0Image.BootLab.Clients;

/// <summary>A disk-less PC: QEMU with a network card and a serial line.</summary>
internal sealed class LabClient : IAsyncDisposable
{
    private readonly RunningTool _qemu;
    private readonly StringBuilder _errors;

    private LabClient(RunningTool qemu, SerialConsole console, Stopwatch watch, StringBuilder errors)
    {
        _qemu = qemu;
        Console = console;
        Clock = watch;
        _errors = errors;
    }

    public SerialConsole Console { get; }

    /// <summary>Runs since it was switched on.</summary>
    public Stopwatch Clock { get; }

    /// <summary>Ends when it is off: it was stopped, it reset itself, or QEMU could not run.</summary>
    public Task Off => _qemu.Exited;

    /// <summary>What QEMU itself complained about.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    /// <summary>Switches a client on.</summary>
    /// <param name="inside">The lab.</param>
    /// <param name="hardware">What it is made of.</param>
    /// <param name="index">Which tap it has, from 0.</param>
    /// <param name="mac">Its card's address.</param>
    /// <param name="acceleration">How its processor is run.</param>
    /// <param name="serialLog">Gets every line of its console, with times.</param>
    public static async Task<LabClient> StartAsync(LabNamespace inside, ClientHardware hardware, int index, MacAddress mac, Acceleration acceleration, string serialLog)
    {
        var watch = Stopwatch.StartNew();
        RunningTool? qemu = null;
        var errors = new StringBuilder();
        var console = new SerialConsole((text, cancel) => qemu!.WriteAsync(text, cancel), serialLog, watch);
        qemu = await inside.StartAsync(QemuCommand.For(hardware, index, mac, acceleration), console.Take, bytes =>
        {
            lock (errors)
            {
                errors.Append(Encoding.UTF8.GetString(bytes.Span));
            }
        }).ConfigureAwait(false);
        var client = new LabClient(qemu, console, watch, errors);
        _ = client.EndConsoleAsync();
        return client;
    }

    /// <summary>Why a client that is off went off, as far as it can be told.</summary>
    public string WhyOff
        => _qemu.Problem is { } problem ? $"the client was switched off, since its output could not be kept: {problem.Message}"
            : Errors.Trim() is { Length: > 0 } said ? $"the client's QEMU ended: {said}"
            : "the client switched itself off or started again";

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _qemu.DisposeAsync();

    private async Task EndConsoleAsync()
    {
        await _qemu.Exited.ConfigureAwait(false);
        Console.End(WhyOff);
    }
}
