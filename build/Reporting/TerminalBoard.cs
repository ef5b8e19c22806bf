using Dom0Image.Diagnostics;
using Dom0Image.Store;
using Spectre.Console;

namespace Dom0Image.Reporting;

/// <summary>Progress as bars on a terminal, one for each stage that runs; what ended stays as a line above them.</summary>
/// <param name="console">The terminal.</param>
/// <param name="clock">Time since the run's start.</param>
internal sealed class TerminalBoard(IAnsiConsole console, Func<TimeSpan> clock) : IProgressBoard
{
    private readonly Lock _gate = new();
    private LiveBars? _bars;
    private int _running;

    /// <inheritdoc/>
    public IStageProgress Start(string stage)
    {
        lock (_gate)
        {
            _running++;
            _bars ??= new LiveBars(console);
            return new Stage(this, stage, _bars.Add(stage));
        }
    }

    /// <inheritdoc/>
    public void End(IStageProgress stage, StageRecord record)
    {
        lock (_gate)
        {
            _bars?.Remove(((Stage)stage).Bar);
            Line(record.Name, StageText.Ending(record), Colour(record.Outcome));
            if (--_running == 0)
            {
                _bars?.Dispose();
                _bars = null;
            }
        }
    }

    /// <inheritdoc/>
    public void Skip(StageRecord record) => Line(record.Name, StageText.Ending(record), Colour(record.Outcome));

    private static string Colour(StageOutcome outcome) => outcome switch
    {
        StageOutcome.Made => "green",
        StageOutcome.Cached => "grey",
        StageOutcome.Failed => "red",
        _ => "yellow",
    };

    private void Line(string stage, string text, string colour)
        => console.MarkupLine($"[grey]{HumanText.Moment(clock()).EscapeMarkup()}[/] {stage.EscapeMarkup()}: [{colour}]{text.EscapeMarkup()}[/]");

    private sealed class Stage(TerminalBoard board, string name, ProgressTask bar) : IStageProgress
    {
        public ProgressTask Bar => bar;

        public void Report(string activity, double? fraction = null)
        {
            bar.Description = $"{name}: {activity}".EscapeMarkup();
            bar.IsIndeterminate = fraction is null;
            bar.Value = Math.Clamp(fraction ?? 0, 0, 1);
        }

        public void Note(string message) => board.Line(name, message, "default");

        public void Warn(string message) => board.Line(name, $"WARNING: {message}", "yellow");
    }
}
