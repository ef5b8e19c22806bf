using Dom0Image.Diagnostics;
using Dom0Image.Store;

namespace Dom0Image.Reporting;

/// <summary>Progress as plain lines with times, for CI and log files: for each stage one in ten seconds, or one for ten per cent but none within two seconds.</summary>
/// <param name="output">Where lines go.</param>
/// <param name="clock">Time since the run's start.</param>
internal sealed class PlainBoard(TextWriter output, Func<TimeSpan> clock) : IProgressBoard
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public IStageProgress Start(string stage)
    {
        Line(stage, "start");
        return new Stage(this, stage, clock());
    }

    /// <inheritdoc/>
    public void End(IStageProgress stage, StageRecord record) => Line(record.Name, StageText.Ending(record));

    /// <inheritdoc/>
    public void Skip(StageRecord record) => Line(record.Name, StageText.Ending(record));

    private void Line(string stage, string text)
    {
        lock (_gate)
        {
            output.WriteLine($"{HumanText.Moment(clock())} {stage}: {text}");
            output.Flush();
        }
    }

    private sealed class Stage(PlainBoard board, string name, TimeSpan started) : IStageProgress
    {
        private readonly Lock _gate = new();
        private readonly Func<TimeSpan> _clock = board.Clock;
        private TimeSpan _lastTime = started;
        private double _lastFraction;
        private string _lastText = "";

        public void Report(string activity, double? fraction = null)
        {
            lock (_gate)
            {
                var text = fraction is { } f ? $"{activity} ({HumanText.Percent(f)})" : activity;
                var pause = _clock() - _lastTime;
                var due = pause >= Pause || (pause >= ShortestPause && Math.Abs((fraction ?? 0) - _lastFraction) >= 0.1);
                if (!due || text == _lastText)
                {
                    return;
                }

                (_lastTime, _lastFraction, _lastText) = (_clock(), fraction ?? 0, text);
                board.Line(name, text);
            }
        }

        public void Note(string message) => board.Line(name, message);

        public void Warn(string message) => board.Line(name, $"WARNING: {message}");
    }

    private Func<TimeSpan> Clock => clock;
}
