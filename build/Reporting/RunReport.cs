using System.Collections.Immutable;
using System.Diagnostics;
using Dom0Image.Diagnostics;
using Dom0Image.Store;

namespace Dom0Image.Reporting;

/// <summary>Runs stages under the user's eyes and keeps what became of each. Safe for stages that run at once.</summary>
internal sealed class RunReport
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private readonly IProgressBoard _board;
    private ImmutableArray<StageRecord> _stages = [];
    private ImmutableArray<string> _warnings = [];
    private volatile string? _nextStep;
    private volatile string? _lastLine;
    private volatile string? _exports;

    /// <summary>A report of the run that starts now.</summary>
    /// <param name="board">Makes the board that shows it; it is given the run's clock.</param>
    public RunReport(Func<Func<TimeSpan>, IProgressBoard> board) => _board = board(() => _watch.Elapsed);

    /// <summary>Time since the run's start.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Stages that ended, in the order of their ends.</summary>
    public ImmutableArray<StageRecord> Stages
    {
        get
        {
            lock (_gate)
            {
                return _stages;
            }
        }
    }

    /// <summary>What stages told the user to look at.</summary>
    public ImmutableArray<string> Warnings
    {
        get
        {
            lock (_gate)
            {
                return _warnings;
            }
        }
    }

    /// <summary>What the summary tells the user to do next, several steps on lines of their own; null for nothing.</summary>
    public string? NextStep
    {
        get => _nextStep;
        set => _nextStep = value;
    }

    /// <summary>What clients can reach, as the summary tells it; null for nothing.</summary>
    public string? Exports
    {
        get => _exports;
        set => _exports = value;
    }

    /// <summary>What the program writes last of all, failed or not; null for nothing.</summary>
    public string? LastLine
    {
        get => _lastLine;
        set => _lastLine = value;
    }

    /// <summary>Runs a stage: shows its start, its progress and its end, and keeps the record.</summary>
    /// <param name="name">As the user knows it, such as <c>base layer</c>.</param>
    /// <param name="work">The stage; what it throws goes on to the caller.</param>
    /// <param name="facts">What is told of the result; of a <see cref="StageOutput"/> it is known whether it was cached.</param>
    public async Task<T> RunAsync<T>(string name, Func<IStageProgress, Task<T>> work, Func<T, StageFacts>? facts = null)
    {
        var started = _watch.Elapsed;
        var progress = _board.Start(name);
        try
        {
            var result = await work(new KeptProgress(progress, this)).ConfigureAwait(false);
            var told = facts?.Invoke(result) ?? new StageFacts { Cached = result is StageOutput { Cached: true } };
            End(told.Cached ? StageOutcome.Cached : told.ChecksOnly ? StageOutcome.Checked : StageOutcome.Made, told);
            return result;
        }
        catch (Exception problem)
        {
            End(problem is OperationCanceledException or InterruptedException ? StageOutcome.Interrupted : StageOutcome.Failed, new StageFacts(), Words(problem));
            throw;
        }

        void End(StageOutcome outcome, StageFacts told, params ImmutableArray<string> problems)
        {
            var record = new StageRecord(name, _watch.Elapsed - started, outcome, told) { Problems = problems };
            _board.End(progress, record);
            Keep(record);
        }
    }

    /// <summary>Keeps the record of a stage that was left out.</summary>
    /// <param name="name">The stage.</param>
    /// <param name="why">Why; shown in the summary.</param>
    public void Skip(string name, string why)
    {
        var record = new StageRecord(name, TimeSpan.Zero, StageOutcome.Skipped, new StageFacts { From = why });
        _board.Skip(record);
        Keep(record);
    }

    private void Keep(StageRecord record)
    {
        lock (_gate)
        {
            _stages = _stages.Add(record);
        }
    }

    private static ImmutableArray<string> Words(Exception problem)
        => problem is BuildFailedException { Diagnostics: var diagnostics } ? [.. diagnostics.Select(diagnostic => $"{diagnostic}")] : [problem.Message];

    // Shows all and keeps the warnings.
    private sealed class KeptProgress(IStageProgress shown, RunReport report) : IStageProgress
    {
        public void Report(string activity, double? fraction = null) => shown.Report(activity, fraction);

        public void Note(string message) => shown.Note(message);

        public void Warn(string message)
        {
            lock (report._gate)
            {
                report._warnings = report._warnings.Add(message);
            }

            shown.Warn(message);
        }
    }
}
