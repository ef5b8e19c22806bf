using System.Collections.Immutable;
using System.Globalization;

namespace Dom0Image.Edits.Capture;

/// <summary>
/// When dpkg was at work in a session: what appeared in between, and is in no package's list, was made by packages' scripts. dpkg itself
/// notes it, by <see cref="DpkgSettings"/>: its log has whole seconds, in which a person's next command may have begun.
/// </summary>
internal sealed class ScriptTimes
{
    private readonly ImmutableArray<(DateTime From, DateTime To)> _runs;

    private ScriptTimes(ImmutableArray<(DateTime, DateTime)> runs) => _runs = runs;

    /// <summary>It never was.</summary>
    public static ScriptTimes None { get; } = new([]);

    /// <summary>dpkg's settings that have it note when it begins and ends. File systems count time in steps of some milliseconds.</summary>
    /// <param name="place">The file for it, in the session.</param>
    public static string DpkgSettings(string place)
        => $"""
            pre-invoke=date +'b %s.%N' >>{place}; sleep 0.02
            post-invoke=date +'e %s.%N' >>{place}; sleep 0.02

            """;

    /// <summary>Reads them. A run that has no end, because the session was killed, counts as none.</summary>
    /// <param name="file">What dpkg noted.</param>
    public static ScriptTimes Read(string file)
    {
        var runs = ImmutableArray.CreateBuilder<(DateTime, DateTime)>();
        DateTime? begun = null;
        foreach (var words in (File.Exists(file) ? File.ReadAllLines(file) : []).Select(line => line.Split(' ')))
        {
            if (words is [var what, var time] && decimal.TryParse(time, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < int.MaxValue)
            {
                var at = DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
                if (what == "e" && begun is { } from)
                {
                    runs.Add((from, at));
                }

                begun = what == "b" ? at : null;
            }
        }

        return new ScriptTimes(runs.ToImmutable());
    }

    /// <summary>Whether dpkg was at work then.</summary>
    public bool Has(DateTime? time) => time is { } at && _runs.Any(run => at > run.From && at < run.To);
}
