using Spectre.Console;

namespace Dom0Image.Reporting;

/// <summary>Bars that are drawn from its making to its disposal. Only one may be on a console at a time.</summary>
internal sealed class LiveBars : IDisposable
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ProgressContext> _context = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;

    public LiveBars(IAnsiConsole console)
        => _drawing = Task.Run(() => console
            .Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context =>
            {
                _context.SetResult(context);
                return _end.Task;
            }));

    public ProgressTask Add(string description)
    {
        var bar = _context.Task.GetAwaiter().GetResult().AddTask(description.EscapeMarkup(), maxValue: 1);
        bar.IsIndeterminate = true;
        return bar;
    }

#pragma warning disable CA1822 // belongs to the bars that it is drawn with
    public void Remove(ProgressTask bar)
#pragma warning restore CA1822
    {
        bar.IsIndeterminate = false;
        bar.Value = 1;
        bar.StopTask();
    }

    public void Dispose()
    {
        _end.TrySetResult();
        _drawing.GetAwaiter().GetResult();
    }
}
