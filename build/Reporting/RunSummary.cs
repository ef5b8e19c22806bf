using Dom0Image.Diagnostics;
using Spectre.Console;

namespace Dom0Image.Reporting;

/// <summary>The table at the end: what was built, from what, sizes, times, cached or not, and the next step to take.</summary>
internal static class RunSummary
{
    /// <summary>Writes it.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="report">The run.</param>
    /// <param name="logFile">The full log; null when no tool was run.</param>
    public static void Write(IAnsiConsole console, RunReport report, string? logFile)
    {
        var stages = report.Stages;
        if (stages.Length > 0)
        {
            console.WriteLine();
            console.Write(Rows(stages));
            console.WriteLine(stages.All(s => s.Outcome is StageOutcome.Cached or StageOutcome.Checked or StageOutcome.Skipped)
                ? $"Nothing changed; done in {HumanText.Duration(report.Elapsed)}."
                : $"Done in {HumanText.Duration(report.Elapsed)}.");
        }

        if (logFile is not null && File.Exists(logFile))
        {
            console.WriteLine($"Full log: {logFile}");
        }

        if (report.Exports is { } exports)
        {
            console.WriteLine(exports);
        }

        if (report.NextStep is { } next)
        {
            console.WriteLine(next.StartsWith('\n') ? $"Next:{next}" : $"Next: {next}");
        }
    }

    private static Table Rows(IEnumerable<StageRecord> stages)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("Stage");
        table.AddColumn("From");
        table.AddColumn(new TableColumn("Size").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Time").RightAligned().NoWrap());
        table.AddColumn(new TableColumn("Result").NoWrap());
        foreach (var stage in stages)
        {
            table.AddRow(
                new Text(stage.Name),
                new Text(stage.Facts.From),
                new Text(stage.Facts.Bytes is { } bytes ? HumanText.Size(bytes) : ""),
                new Text(HumanText.Duration(stage.Took)),
                Outcome(stage.Outcome));
        }

        return table;
    }

    private static Markup Outcome(StageOutcome outcome) => new(outcome switch
    {
        StageOutcome.Made => "[green]made[/]",
        StageOutcome.Cached => "[grey]unchanged[/]",
        StageOutcome.Checked => "[grey]checked[/]",
        StageOutcome.Skipped => "[yellow]skipped[/]",
        StageOutcome.Interrupted => "[yellow]interrupted[/]",
        _ => "[red]FAILED[/]",
    });
}
