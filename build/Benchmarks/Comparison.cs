using System.Globalization;

namespace Dom0Image.Benchmarks;

/// <summary>A figure and its target: one line of the results page.</summary>
/// <param name="What">What it is.</param>
/// <param name="Figure">A ratio, or a time in seconds.</param>
/// <param name="Target">Its upper limit; null when there is none.</param>
/// <param name="Unit">Behind the figure, such as <c> s</c>; empty for a ratio.</param>
internal sealed record Comparison(string What, double Figure, double? Target, string Unit = "")
{
    /// <summary>Whether the target, if there is one, is met.</summary>
    public bool Met => Target is not { } target || Figure <= target;

    /// <summary>A ratio of medians.</summary>
    public static Comparison Ratio(string what, Measurement ours, Measurement other, double? target) => new(what, ours.RatioTo(other), target);

    /// <summary>A time.</summary>
    public static Comparison Time(string what, TimeSpan time, double? target) => new(what, time.TotalSeconds, target, " s");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}: {Figure:F2}{Unit}{(Target is null ? "" : Met ? "" : " (missed)")}");

    /// <summary>The line of a Markdown table.</summary>
    public string ToMarkdown() => string.Create(
        CultureInfo.InvariantCulture, $"| {What} | {Figure:F2}{Unit} | {(Target is { } t ? $"{t:0.##}{Unit}" : "")} | {(Target is null ? "" : Met ? "met" : "**missed**")} |");
}
