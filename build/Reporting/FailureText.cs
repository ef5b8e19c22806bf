using Dom0Image.Diagnostics;

namespace Dom0Image.Reporting;

/// <summary>What is told below the error when a run failed: where it happened and where to read more.</summary>
internal static class FailureText
{
    /// <summary>A few lines; empty when no stage failed and nothing was logged.</summary>
    /// <param name="report">The run.</param>
    /// <param name="logFile">The full log; null when no tool was run.</param>
    /// <param name="interrupted">Whether the user ended it. Else stages were only stopped because another one failed.</param>
    public static string For(RunReport report, string? logFile, bool interrupted)
    {
        var (outcome, how) = interrupted ? (StageOutcome.Interrupted, "Interrupted") : (StageOutcome.Failed, "Failed");
        var lines = report.Stages
            .Where(s => s.Outcome == outcome)
            .Select(s => $"{how} stage: {s.Name}, after {HumanText.Duration(s.Took)}.")
            .ToList();
        if (logFile is not null && File.Exists(logFile))
        {
            lines.Add($"Full log: {logFile}");
        }

        return string.Concat(lines.Select(l => l + "\n"));
    }
}
