using System.Globalization;
using System.Text;
using Dom0Image.BootLab.Steps;

namespace Dom0Image.BootTesting.Report;

/// <summary>A boot report as text: <c>report.txt</c>.</summary>
internal static class BootTable
{
    private static readonly BootStep[] Steps = [.. Enum.GetValues<BootStep>().Where(s => s != BootStep.PoweredOn)];

    /// <summary>The table, and below it what went wrong.</summary>
    public static string Render(BootReport report)
        => Times(report) + string.Concat(report.Problems.Select(p => $"\n{$"{p}".TrimEnd()}\n{(p.NextStep is { } next ? $"  {next}\n" : "")}"));

    /// <summary>The table, and below it what was let fail.</summary>
    public static string Times(BootReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{(report.NotBooted.IsEmpty ? "Boot" : "Quick boot")} test of {report.Generation}: {(report.Passed ? "passed" : "FAILED")}{Without(report)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.At:yyyy-MM-dd HH:mm} UTC, {report.Acceleration} on {report.Processors} processors; times in seconds since power-on").AppendLine();
        List<string[]> rows =
        [
            ["scenario", "host", "load", .. Steps.Select(step => step.Short()), "TFTP files", "TFTP KiB", "NFS requests*", "NFS KiB", "/flash KiB", "proved"],
            .. report.Boots.Select(Row),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            text.AppendLine(string.Join("  ", row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        }

        text.AppendLine().AppendLine("TFTP and NFS KiB up to the log-in prompt; * up to the checks' start, so with the test's own log-in; /flash after the checks.");
        foreach (var allowed in report.MayFail)
        {
            text.AppendLine().AppendLine(allowed);
        }

        return text.ToString();
    }

    /// <summary>What was not booted, as the end of a sentence; empty after a full test.</summary>
    public static string Without(BootReport report) => report.NotBooted.IsEmpty ? "" : $"; not booted: {string.Join(", ", report.NotBooted)}";

    private static string[] Row(BootRecord boot) =>
    [
        boot.Scenario,
        boot.Host,
        boot.Load.ToString("F1", CultureInfo.InvariantCulture),
        .. Steps.Select(s => boot.Seconds.TryGetValue(s, out var at) ? at.ToString("F1", CultureInfo.InvariantCulture) : "-"),
        $"{boot.TftpRequests}",
        $"{boot.TftpBytes / 1024}",
        boot.NfsRequestsAtChecks is { } requests ? $"{requests}" : "-",
        $"{boot.NfsBytes / 1024}",
        boot.FlashKilobytes is { } flash ? $"{flash}" : "-",
        $"{boot.Checks}",
    ];
}
