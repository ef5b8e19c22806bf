using System.Globalization;
using System.Text.RegularExpressions;
using Dom0Image.Boot.Tftp;

namespace Dom0Image.ClientLoads;

/// <summary>Finds loads of generations in what in.tftpd logs.</summary>
internal static partial class LogLine
{
    /// <summary>The program's name in logs.</summary>
    public const string Program = "in.tftpd";

    /// <summary>The load that a message tells of; null when it is about something else, a menu among it.</summary>
    public static LoggedLoad? Load(string message, DateTimeOffset at)
        => TftpRequest.Read(message) is { } request && OfGeneration().Match(request.File) is { Success: true } match
            ? new LoggedLoad(request.Client, match.Groups[1].Value, at)
            : null;

    /// <summary>The same of a line of syslog; null for lines of other programs.</summary>
    /// <param name="line">The line, with rsyslog's time of either kind.</param>
    /// <param name="now">Tells the year where the line does not.</param>
    public static LoggedLoad? OfSyslog(string line, DateTimeOffset now)
        => Line().Match(line) is { Success: true } match && Time(match.Groups["time"].Value, now) is { } at ? Load(match.Groups["message"].Value, at) : null;

    private static DateTimeOffset? Time(string text, DateTimeOffset now)
    {
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var whole) && char.IsAsciiDigit(text[0]))
        {
            return whole;
        }

        // Without a year: the last such day.
        var day = text.Replace("  ", " ", StringComparison.Ordinal);
        return Enumerable.Range(0, 2)
            .Select(back => DateTime.TryParseExact($"{now.Year - back} {day}", "yyyy MMM d HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at) ? new DateTimeOffset(at) : (DateTimeOffset?)null)
            .FirstOrDefault(at => at <= now.AddDays(1));
    }

    [GeneratedRegex(@"\A/*generations/([A-Za-z0-9][A-Za-z0-9._+-]*)/")]
    private static partial Regex OfGeneration();

    [GeneratedRegex(@"\A(?<time>\S*T\S+|\w{3} [ \d]\d [\d:]{8}) \S+ in\.tftpd\[\d+\]: (?<message>.*)\z")]
    private static partial Regex Line();
}
