using System.Runtime.InteropServices;

namespace Dom0Image.CommandLine;

/// <summary>Turns Ctrl-C and its like into a cancellation, so that what runs can be ended in order.</summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    /// <summary>Starts to listen.</summary>
    public Interruption()
        => _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Interrupt(s, 130)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Interrupt(s, 143)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, s => Interrupt(s, 129)),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Exit code after a signal, as shells count it (130 for Ctrl-C); 0 when there was none.</summary>
    public int ExitCode => _exitCode;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Interrupt(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0)
        {
            _source.Cancel();
        }
    }
}
