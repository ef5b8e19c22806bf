namespace Dom0Image.Reporting;

/// <summary>What is told below the error when a run failed: where it happened and where to read more.</summary>
internal static class FailureText
{
    /// <summary>A few lines; empty when no stage failed and nothing was logged.</summary>
    public static string For(RunReport report, string? logFile)
    {
        var lines = report.Stages
            .Where(s => s.Outcome == StageOutcome.Failed)
            .Select(s => $"Failed stage: {s.Name}, after {HumanText.Duration(s.Took)}.")
            .ToList();
        if (logFile is not null && File.Exists(logFile))
        {
            lines.Add($"Full log: {logFile}");
        }

        return string.Concat(lines.Select(l => l + "\n"));
    }
}
