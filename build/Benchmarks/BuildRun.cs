using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Dom0Image.Diagnostics;
using Dom0Image.Processes;

namespace Dom0Image.Benchmarks;

/// <summary>One run of the whole command as a user runs it, and when its lines came.</summary>
/// <param name="Lines">Every line and when it was read, since the command was started.</param>
/// <param name="Took">From the command's start to its end.</param>
internal sealed partial record BuildRun(ImmutableArray<(TimeSpan At, string Text)> Lines, TimeSpan Took)
{
    /// <summary>From the command's start to the first stage's.</summary>
    public TimeSpan StartUp => Lines.First(l => StageStart().IsMatch(l.Text)).At;

    /// <summary>Runs a command.</summary>
    /// <exception cref="ToolFailedException">It failed.</exception>
    public static async Task<BuildRun> OfAsync(ToolCommand command, ToolRunner tools, CancellationToken cancellation)
    {
        var lines = ImmutableArray.CreateBuilder<(TimeSpan, string)>();
        var watch = Stopwatch.StartNew();
        await tools.RunAsync(
            command,
            line =>
            {
                lock (lines)
                {
                    lines.Add((watch.Elapsed, line));
                }
            },
            cancellation).ConfigureAwait(false);
        return new BuildRun(lines.ToImmutable(), watch.Elapsed);
    }

    /// <summary>When a stage started.</summary>
    public TimeSpan StartOf(string stage) => Lines.First(l => StageStart().Match(l.Text) is { Success: true } m && m.Groups["stage"].Value == stage).At;

    /// <summary>Fails unless a stage said that it had nothing to do.</summary>
    /// <exception cref="BuildFailedException">It did something, so that this run is not what was to be measured.</exception>
    public void RequireUnchanged(string stage)
    {
        if (!Lines.Any(l => l.Text.Contains($" {stage}: unchanged", StringComparison.Ordinal)))
        {
            throw new BuildFailedException(new Diagnostic($"benchmark: stage '{stage}' had something to do in a run that should find it done"));
        }
    }

    // [    0.7 s] base layer: start
    [GeneratedRegex(@"^\[[^\]]*\] (?<stage>.+): start$")]
    private static partial Regex StageStart();
}
