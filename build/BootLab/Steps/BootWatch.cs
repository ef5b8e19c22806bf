using System.Collections.Immutable;
using Dom0Image.BootLab.Clients;
using Dom0Image.BootLab.Serial;

namespace Dom0Image.BootLab.Steps;

/// <summary>Follows one client's boot on its serial line, step by step, each with a time limit of its own.</summary>
internal sealed class BootWatch
{
    private const int LinesTold = 25;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    // Longer than services are silent in a boot that goes on.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    // After the sign of an end, time for the lines that explain it.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly LabClient _client;
    private readonly ImmutableArray<BootStepSign> _signs;
    private readonly double _slowness;
    private readonly Action<BootStep> _tell;
    private readonly PromptReminder _reminder;
    private readonly SortedDictionary<BootStep, TimeSpan> _reached = new() { [BootStep.PoweredOn] = TimeSpan.Zero };

    private BootWatch(LabClient client, ImmutableArray<BootStepSign> signs, double slowness, Action<BootStep> tell)
    {
        _tell = tell;
        _client = client;
        _signs = signs;
        _slowness = slowness;
        _reminder = new PromptReminder(client.Console, Silence * slowness);
    }

    /// <summary>Follows a boot until there is a log-in prompt, or until it cannot come any more.</summary>
    /// <param name="client">A client that was just switched on.</param>
    /// <param name="signs">The steps to come.</param>
    /// <param name="slowness">Factor for the time limits.</param>
    /// <param name="tell">Is told of each step as it is reached.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static Task<BootCourse> FollowAsync(LabClient client, ImmutableArray<BootStepSign> signs, double slowness, Action<BootStep> tell, CancellationToken cancellation)
        => new BootWatch(client, signs, slowness, tell).FollowAsync(cancellation);

    private async Task<BootCourse> FollowAsync(CancellationToken cancellation)
    {
        var next = 0;
        var seen = 0;
        while (next < _signs.Length)
        {
            var off = _client.Off.IsCompleted;
            var lines = _client.Console.Lines;

            // The last line may still grow: it is looked at again.
            for (; next < _signs.Length && seen < lines.Length; seen++)
            {
                var line = lines[seen];
                if (FailureSigns.Read(line.Text) is { } reason)
                {
                    await Task.Delay(LastWords, cancellation).ConfigureAwait(false);
                    return Ended(reason, next);
                }

                if (Overtaken(line, next) is { } early)
                {
                    return Ended($"step {early} came before {_signs[next].Step}", next);
                }

                while (next < _signs.Length && Fits(line, next, out var skipped))
                {
                    next += skipped;
                    _reached[_signs[next].Step] = line.At;
                    _tell(_signs[next].Step);
                    next++;
                }
            }

            seen = Math.Max(0, lines.Length - 1);
            if (next == _signs.Length)
            {
                break;
            }

            if (off)
            {
                return Ended(_client.WhyOff, next);
            }

            var sign = _signs[next];
            var limit = sign.Limit * _slowness;
            if (_client.Clock.Elapsed - _reached.Values.Last() > limit)
            {
                return Ended($"step {sign.Step} did not come within {limit.TotalSeconds:F0} s", next);
            }

            if (sign.Step == BootStep.Login)
            {
                await _reminder.LookAsync(cancellation).ConfigureAwait(false);
            }

            await Task.Delay(Glance, cancellation).ConfigureAwait(false);
        }

        return new BootCourse(_reached.ToImmutableSortedDictionary(), null);
    }

    // A step may pass unseen, as when a machine is silent about its firmware; the log-in prompt is always waited for.
    // Order counts: udev before the RAM tree is not taken for udev.
    private bool Fits(ConsoleLine line, int next, out int skipped)
    {
        skipped = 0;
        if (_signs[next].Sign.IsMatch(line.Text))
        {
            return true;
        }

        if (_signs[next].Step < BootStep.KernelFetched)
        {
            skipped = _signs.Skip(next).TakeWhile(s => s.Step < BootStep.KernelFetched && !s.Sign.IsMatch(line.Text)).Count();
            return _signs[next + skipped].Sign.IsMatch(line.Text);
        }

        return false;
    }

    // From the root on, a step that is skipped is a step that failed.
    private BootStep? Overtaken(ConsoleLine line, int next)
        => _signs[next].Step < BootStep.RamTree || _signs[next].Sign.IsMatch(line.Text)
            ? null
            : _signs.Skip(next + 1).FirstOrDefault(s => s.Sign.IsMatch(line.Text))?.Step;

    private BootCourse Ended(string reason, int next)
    {
        var last = _reached.Last();
        var lines = _client.Console.Lines;
        var since = string.Join('\n', lines.Where(l => l.At >= last.Value).Select(l => l.Text));
        ImmutableArray<string> told = [.. lines.Select(l => l.Text).Where(l => l.Length > 0).TakeLast(LinesTold)];
        return new BootCourse(_reached.ToImmutableSortedDictionary(), new BootFailure(last.Key, _signs[next].Step, reason, told, FailureHints.For(last.Key, since)));
    }
}

/// <summary>How a boot went.</summary>
/// <param name="Reached">Steps and when they were reached, since the client was switched on.</param>
/// <param name="Failure">Why it ended early; null when there is a log-in prompt.</param>
internal sealed record BootCourse(ImmutableSortedDictionary<BootStep, TimeSpan> Reached, BootFailure? Failure);
