using System.Collections.Immutable;
using System.Globalization;

namespace Dom0Image.Edits.Capture;

/// <summary>
/// When dpkg was at work in a session, by its log: what appeared in between, and is in no package's list, was made by packages' scripts.
/// The seconds in which a run ends count as a person's, whose command may have followed at once.
/// </summary>
internal sealed class ScriptTimes
{
    private const string Log = "/var/log/dpkg.log";
    private const int TimeLength = 19;

    private readonly ImmutableArray<(DateTime From, DateTime To)> _runs;

    private ScriptTimes(ImmutableArray<(DateTime, DateTime)> runs) => _runs = runs;

    /// <summary>Reads them.</summary>
    /// <param name="before">The generation, whose own log is passed over.</param>
    /// <param name="after">What it is now.</param>
    public static ScriptTimes Read(ImageView before, ImageView after)
    {
        var runs = ImmutableArray.CreateBuilder<(DateTime From, DateTime To)>();
        foreach (var line in after.Lines(Log).Skip(before.Lines(Log).Length))
        {
            if (line.Length > TimeLength && DateTime.TryParseExact(line[..TimeLength], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            {
                if (runs.Count == 0 || line[TimeLength..].StartsWith(" startup ", StringComparison.Ordinal))
                {
                    runs.Add((time, time));
                }
                else
                {
                    runs[^1] = (runs[^1].From, time);
                }
            }
        }

        return new ScriptTimes(runs.ToImmutable());
    }

    /// <summary>Whether dpkg was at work then.</summary>
    public bool Has(DateTime? time) => time is { } at && _runs.Any(run => at >= run.From && at < run.To);
}
