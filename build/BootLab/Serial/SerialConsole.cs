using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Dom0Image.BootLab.Serial;

/// <summary>
/// A client's serial console: keeps every line with its time, waits for patterns, types. What it reads is what the
/// client wrote, so everything in it is data.
/// </summary>
internal sealed class SerialConsole
{
    // Xen hands typed characters on through a buffer of 32; more at once and some are lost.
    private const int CharactersAtOnce = 12;
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(40);

    private readonly Stopwatch _watch;
    private readonly Func<string, CancellationToken, Task> _type;
    private readonly string? _logFile;
    private readonly TerminalFilter _filter = new();
    private readonly HypervisorAsides _asides = new();
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<ConsoleLine> _lines = [];
    private TaskCompletionSource _news = NewNews();
    private int _lineStart;
    private TimeSpan _lineAt;
    private string? _end;

    /// <summary>A console of a client that starts now.</summary>
    /// <param name="type">Sends characters to the client.</param>
    /// <param name="logFile">Gets every line with its time; null for none.</param>
    /// <param name="watch">The client's clock.</param>
    public SerialConsole(Func<string, CancellationToken, Task> type, string? logFile, Stopwatch watch)
    {
        _type = type;
        _logFile = logFile;
        _watch = watch;
    }

    /// <summary>All whole lines so far, and what stands of the next one.</summary>
    public ImmutableArray<ConsoleLine> Lines
    {
        get
        {
            lock (_gate)
            {
                var rest = _text.ToString(_lineStart, _text.Length - _lineStart);
                return rest.Length == 0 ? [.. _lines] : [.. _lines, new ConsoleLine(_lineAt, rest)];
            }
        }
    }

    /// <summary>Length of the text so far: a mark to expect something after.</summary>
    public int Mark
    {
        get
        {
            lock (_gate)
            {
                return _text.Length;
            }
        }
    }

    /// <summary>Takes the next piece of what the client writes.</summary>
    public void Take(ReadOnlyMemory<byte> bytes)
    {
        var whole = new List<ConsoleLine>();
        TaskCompletionSource news;
        lock (_gate)
        {
            foreach (var c in _asides.Take(_filter.Take(bytes.Span), aside => whole.Add(new ConsoleLine(_watch.Elapsed, aside))))
            {
                if (_text.Length == _lineStart)
                {
                    _lineAt = _watch.Elapsed;
                }

                _text.Append(c);
                if (c == '\n')
                {
                    whole.Add(new ConsoleLine(_lineAt, _text.ToString(_lineStart, _text.Length - _lineStart - 1)));
                    _lineStart = _text.Length;
                }
            }

            _lines.AddRange(whole);
            Log(whole);
            (news, _news) = (_news, NewNews());
        }

        news.TrySetResult();
    }

    /// <summary>Says that the client is off: nothing more will come, and whoever waits need not wait on.</summary>
    /// <param name="why">What ended it, for people.</param>
    public void End(string why)
    {
        TaskCompletionSource news;
        lock (_gate)
        {
            _end ??= why;
            (news, _news) = (_news, NewNews());
        }

        news.TrySetResult();
    }

    /// <summary>Waits until the client has written something, also when the line is not whole (a prompt).</summary>
    /// <param name="pattern">What to wait for.</param>
    /// <param name="after">A mark; what stands before it does not count.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The match, or null when the time is over.</returns>
    /// <exception cref="ConsoleException">The client is off, and has not written it.</exception>
    public async Task<Match?> ExpectAsync(Regex pattern, int after, TimeSpan limit, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(limit);
        while (true)
        {
            string text;
            string? end;
            Task news;
            lock (_gate)
            {
                text = _text.ToString(after, _text.Length - after);
                news = _news.Task;
                end = _end;
            }

            if (pattern.Match(text) is { Success: true } match)
            {
                return match;
            }

            if (end is not null)
            {
                throw new ConsoleException(end);
            }

            try
            {
                await news.WaitAsync(time.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <summary>Types text, slowly enough for a console under Xen.</summary>
    /// <exception cref="ConsoleException">The client is off.</exception>
    public async Task TypeAsync(string text, CancellationToken cancellation)
    {
        foreach (var piece in text.Chunk(CharactersAtOnce))
        {
            try
            {
                await _type(new string(piece), cancellation).ConfigureAwait(false);
            }
            catch (Exception closed) when (closed is IOException or ObjectDisposedException)
            {
                throw new ConsoleException(_end ?? $"the client takes no more input: {closed.Message}");
            }

            await Task.Delay(TypingPause, cancellation).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Log(List<ConsoleLine> lines)
    {
        if (_logFile is not null && lines.Count > 0)
        {
            File.AppendAllLines(_logFile, lines.Select(l => FormattableString.Invariant($"[{l.At.TotalSeconds,8:F2}] {l.Text}")));
        }
    }
}
