using System.Net;
using System.Text.RegularExpressions;

namespace Dom0Image.BootTesting.Checks;

/// <summary>What a line of a console or a log says, without what differs from client to client and from log to log.</summary>
internal static partial class LogLine
{
    /// <summary>The line without time, host and process id in front of it, and without the times that a program itself puts in.</summary>
    public static string Essence(string line) => ProcessId().Replace(Time().Replace(Prefix().Replace(line, ""), "").TrimStart(), "").Trim();

    /// <summary>The same for all clients that say the same of themselves.</summary>
    /// <param name="line">What one said.</param>
    /// <param name="host">Its name.</param>
    /// <param name="address">Its address.</param>
    public static string SameForAll(string line, string host, IPAddress address)
        => Regex.Replace(Essence(line), $@"(?<![\w-])(?:{Regex.Escape(host)}|{Regex.Escape($"{address}")})(?![\w-])", "HOST");

    /// <summary>Whether it tells of a write to a read-only file system.</summary>
    public static bool TellsOfReadOnly(string line) => ReadOnlySign().IsMatch(line);

    // The kernel's; syslog's, with busybox's facility behind the host; rsyslog's of today, with the host.
    [GeneratedRegex(@"^(?:\[ *\d+\.\d+\] |[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]+ (?:[a-z0-9]+\.[a-z]+ )?|\d{4}-\d\d-\d\dT\S+ [\w.-]+ )")]
    private static partial Regex Prefix();

    // A database's, a print server's, a web server's, and the one of mysqld_safe.
    [GeneratedRegex(@"\[?(?<!\d)(?:\d{4}[-/]\d\d[-/]\d\d|\d\d?/[A-Z][a-z]{2}/\d{4}|\d{6})[T :]+\d\d?:\d\d:\d\d(?:[.,]\d+)?(?: ?[+-]\d\d:?\d\d|Z)?\]?")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<=^\S+)\[\d+\](?=:)")]
    private static partial Regex ProcessId();

    [GeneratedRegex(@"Read-only file system|\bEROFS\b")]
    private static partial Regex ReadOnlySign();
}
