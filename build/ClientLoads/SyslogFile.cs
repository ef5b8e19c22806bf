using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dom0Image.Generations;
using Dom0Image.Posix;
using Dom0Image.Store;

namespace Dom0Image.ClientLoads;

/// <summary>A file that a syslog daemon writes, and that logrotate(8) renames to <c>NAME.1</c>. A position is <c>INODE:BYTE</c>.</summary>
/// <param name="place">The file.</param>
internal sealed class SyslogFile(string place) : ITftpLog
{
    /// <inheritdoc/>
    public string Name => place;

    /// <inheritdoc/>
    public Task<TftpLogReading?> ReadAsync(string? position, Places places, StageContext stage) => Task.FromResult(Read(position, places));

    /// <summary>Reads what is new in it.</summary>
    internal TftpLogReading? Read(string? position, Places places)
    {
        var path = places.OnDisk(place);
        if (FileNode.Find(path) is not { IsFile: true } current)
        {
            return null;
        }

        var before = FileNode.Find(path + ".1") is { IsFile: true } found ? found : (FileNode?)null;
        var (inode, at) = Parse(position);
        var loads = ImmutableArray.CreateBuilder<LoggedLoad>();
        if (inode == current.Inode && at <= current.Size)
        {
            return new TftpLogReading(Name, Position(current, ReadFrom(current, at, loads)), Gap: false, loads.ToImmutable());
        }

        // Rotated since; or read for the first time, and then as far back as it is plain text.
        var gap = position is not null && (inode != before?.Inode || at > before?.Size);
        if (before is { } rotated)
        {
            ReadFrom(rotated, inode == rotated.Inode && !gap ? at : 0, loads);
        }

        return new TftpLogReading(Name, Position(current, ReadFrom(current, 0, loads)), gap, loads.ToImmutable());
    }

    private static string Position(FileNode file, long at) => string.Create(CultureInfo.InvariantCulture, $"{file.Inode}:{at}");

    private static (ulong Inode, long At) Parse(string? position)
        => position?.Split(':') is [var inode, var at]
            && ulong.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? (number, offset)
            : (0, long.MaxValue);

    // Up to the last whole line: the daemon may be writing one. Gives where that ends.
    private static long ReadFrom(FileNode file, long start, ImmutableArray<LoggedLoad>.Builder loads)
    {
        using var stream = new FileStream(file.Open(), FileAccess.Read);
        stream.Position = start;
        using var lines = new StreamReader(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        var (end, now) = (start, DateTimeOffset.Now);
        while (lines.ReadLine() is { } line)
        {
            if (end + line.Length + 1 > stream.Length)
            {
                break;
            }

            end += line.Length + 1;
            if (LogLine.OfSyslog(line, now) is { } load)
            {
                loads.Add(load);
            }
        }

        return end;
    }
}
