using System.Collections.Immutable;

namespace Dom0Image.Benchmarks;

/// <summary>Times of several runs of one thing.</summary>
/// <param name="Name">What was run.</param>
/// <param name="Runs">In the order of the runs; at least one.</param>
internal sealed record Measurement(string Name, ImmutableArray<Timing> Runs)
{
    /// <summary>The run in the middle; the faster of the middle two for an even number.</summary>
    public TimeSpan Wall => Middle(Runs.Select(r => r.Wall));

    /// <summary>The same of the processor times.</summary>
    public TimeSpan Cpu => Middle(Runs.Select(r => r.Cpu));

    /// <summary>A measurement of wall-clock times alone.</summary>
    public static Measurement OfWall(string name, IEnumerable<TimeSpan> runs) => new(name, [.. runs.Select(r => new Timing(r, TimeSpan.Zero))]);

    /// <summary>How many times as long as <paramref name="other"/> this took.</summary>
    public double RatioTo(Measurement other) => Wall / other.Wall;

    /// <summary>How many times the processor time of <paramref name="other"/> this took.</summary>
    public double CpuRatioTo(Measurement other) => Cpu / other.Cpu;

    private TimeSpan Middle(IEnumerable<TimeSpan> times) => times.Order().ElementAt((Runs.Length - 1) / 2);
}
