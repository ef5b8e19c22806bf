using Dom0Image.Generations;
using Dom0Image.Store;

namespace Dom0Image.ClientLoads;

/// <summary>A log that the TFTP server's lines get into.</summary>
internal interface ITftpLog
{
    /// <summary>Its name, under which the record knows how far it was read.</summary>
    string Name { get; }

    /// <summary>Reads what is new in it.</summary>
    /// <param name="position">Up to where it was read before; null for never.</param>
    /// <param name="places">Whose server: below a prefix there is none of this machine's own.</param>
    /// <param name="stage">Tools.</param>
    /// <returns>Null where there is no such log, or it cannot be read.</returns>
    Task<TftpLogReading?> ReadAsync(string? position, Places places, StageContext stage);
}

/// <summary>The logs that are looked at, the best first.</summary>
internal static class TftpLogs
{
    public static readonly IReadOnlyList<ITftpLog> All = [new JournalLog(), new SyslogFile("/var/log/syslog"), new SyslogFile("/var/log/daemon.log")];
}
