using System.Diagnostics;
using System.Runtime.InteropServices;
using Dom0Image.Diagnostics;

namespace Dom0Image.CommandLine;

/// <summary>
/// Turns Ctrl-C and its like into a cancellation, so that what runs can be ended in order. Who is in a hurry ends the
/// program at once by a second signal. What does not end in time, such as a system call that waits for another machine, is
/// given up, as if the program had been killed: it leaves what a kill leaves, and the next build deletes that.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // Terminals and service managers send one wish as several signals.
    private static readonly TimeSpan Same = TimeSpan.FromSeconds(1);

    // A tool gets the terminal's Ctrl-C too, and may be dead before this program has been told.
    private static readonly TimeSpan News = TimeSpan.FromMilliseconds(200);

    // Several times what the longest work takes to end in order: to take down a lab.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ManualResetEventSlim _ended = new();
    private readonly CancellationTokenSource _source = new();
    private readonly Stopwatch _since = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile Signal? _first;

    /// <summary>Starts to listen.</summary>
    public Interruption()
        => _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, s => Interrupt(s, new("Ctrl-C", 130))),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => Interrupt(s, new("SIGTERM", 143))),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, s => Interrupt(s, new("the end of its terminal (SIGHUP)", 129))),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Exit code after a signal, as shells count it (130 for Ctrl-C); 0 when there was none.</summary>
    public int ExitCode => _first?.ExitCode ?? 0;

    /// <summary>Does some work; whatever it fails with after a signal, it was the signal.</summary>
    /// <exception cref="InterruptedException">There was a signal, before or in the middle of the work.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        ThrowIfInterrupted(null);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            if (problem is ToolFailedException { ExitCode: > 128 } && _first is null)
            {
                await Task.Delay(News).ConfigureAwait(false);
            }

            ThrowIfInterrupted(problem);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Set();
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void ThrowIfInterrupted(Exception? cause)
    {
        if (_first is { } signal)
        {
            throw new InterruptedException(signal.Name, cause);
        }
    }

    private void Interrupt(PosixSignalContext context, Signal signal)
    {
        lock (_since)
        {
            context.Cancel = !_since.IsRunning || _since.Elapsed < Same;
            if (_since.IsRunning)
            {
                return;
            }

            _since.Start();
        }

        _first = signal;

        // A thread of its own: those of the pool may all wait for what does not end.
        new Thread(() => GiveUp(signal)) { IsBackground = true, Name = "end after a signal" }.Start();
        _source.Cancel();
    }

    private void GiveUp(Signal signal)
    {
        if (!_ended.Wait(Patience))
        {
            Console.Error.WriteLine($"Ended by {signal.Name}: what did not end by itself within {Patience.TotalSeconds:0} s was given up. The next build deletes what it left.");
            Environment.Exit(signal.ExitCode);
        }
    }

    private sealed record Signal(string Name, int ExitCode);
}
