using System.Collections.Immutable;
using System.Globalization;

namespace Dom0Image.Benchmarks;

/// <summary>Markdown tables of the results page.</summary>
internal static class Tables
{
    /// <summary>Every run of every contestant, in seconds.</summary>
    public static ImmutableArray<string> Of(params Measurement[] measurements) =>
    [
        "| | wall clock, each run | median | processor time, median |",
        "| --- | --- | --- | --- |",
        .. measurements.Select(m => $"| {m.Name} | {Each(m.Runs.Select(r => r.Wall))} | {Seconds(m.Wall)} s | {(m.Cpu > TimeSpan.Zero ? Seconds(m.Cpu) + " s" : "")} |"),
    ];

    /// <summary>Times in seconds, one behind the other.</summary>
    public static string Each(IEnumerable<TimeSpan> times) => string.Join(", ", times.Select(Seconds));

    /// <summary>A time in seconds; hundredths below ten.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(time.TotalSeconds < 10 ? "F2" : "F1", CultureInfo.InvariantCulture);
}
