using Dom0Image.Diagnostics;

namespace Dom0Image.Reporting;

/// <summary>How the end of a stage is told in one line.</summary>
internal static class StageText
{
    /// <summary>Such as <c>done in 27.1 s, 222 MB (trixie, 214 packages)</c>.</summary>
    public static string Ending(StageRecord record)
    {
        var text = record.Outcome switch
        {
            StageOutcome.Made or StageOutcome.Checked => $"done in {HumanText.Duration(record.Took)}",
            StageOutcome.Cached => "unchanged",
            StageOutcome.Skipped => "skipped",
            StageOutcome.Interrupted => $"interrupted after {HumanText.Duration(record.Took)}",
            _ => $"FAILED after {HumanText.Duration(record.Took)}",
        };
        if (record.Facts.Bytes is { } bytes)
        {
            text += $", {HumanText.Size(bytes)}";
        }

        return record.Facts.From.Length > 0 ? $"{text} ({record.Facts.From})" : text;
    }
}
