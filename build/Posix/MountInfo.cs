using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Dom0Image.Posix;

/// <summary>All that is mounted, as one process sees it.</summary>
/// <param name="Entries">In the order of the kernel's table.</param>
internal sealed record MountInfo(ImmutableArray<MountEntry> Entries)
{
    /// <summary>Reads the table of this process, or of another one.</summary>
    /// <param name="process">A process id, or <c>self</c>.</param>
    public static MountInfo Read(string process = "self") => Parse(File.ReadAllBytes($"/proc/{process}/mountinfo"));

    /// <summary>Parses a table; see proc_pid_mountinfo(5). Names in it are bytes and may be no UTF-8.</summary>
    public static MountInfo Parse(ReadOnlySpan<byte> table)
    {
        var entries = ImmutableArray.CreateBuilder<MountEntry>();
        foreach (var line in table.Split((byte)'\n'))
        {
            if (table[line] is { IsEmpty: false } text)
            {
                entries.Add(MountEntry.Parse(text));
            }
        }

        return new MountInfo(entries.ToImmutable());
    }

    /// <summary>What is mounted at a place: the last of those that lie one over the other; null for nothing.</summary>
    /// <param name="point">Absolute path without links in it.</param>
    public MountEntry? At(string point)
    {
        MountEntry[] here = [.. Entries.Where(e => e.Point == point)];
        return Array.Find(here, e => Array.TrueForAll(here, other => other.Parent != e.Id || other == e));
    }

    /// <summary>What holds a path: the mount with the longest point that leads to it.</summary>
    /// <param name="path">Absolute path without links in it.</param>
    public MountEntry Holding(string path)
    {
        for (var point = path; ; point = Path.GetDirectoryName(point)!)
        {
            if (At(point) is { } entry)
            {
                return entry;
            }
        }
    }

    /// <summary>What is mounted at or below a directory, in the order of the points.</summary>
    /// <param name="directory">Absolute path without links in it.</param>
    public ImmutableArray<MountEntry> Below(string directory)
    {
        var prefix = directory.TrimEnd('/') + "/";
        return [.. Entries.Where(e => e.Point == directory || e.Point.StartsWith(prefix, StringComparison.Ordinal)).OrderBy(e => e.Point, StringComparer.Ordinal)];
    }
}

/// <summary>A mount.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">Number of the mount that it lies on.</param>
/// <param name="Device">Device number of the file system, such as <c>254:0</c>; the same for all mounts and subvolumes of one.</param>
/// <param name="Root">The directory of the file system that is mounted: <c>/</c> but for bind mounts and subvolumes.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">Such as <c>xfs</c>.</param>
/// <param name="Source">What was mounted, such as <c>/dev/loop0</c>.</param>
internal sealed record MountEntry(int Id, int Parent, string Device, string Root, string Point, string Type, string Source)
{
    internal static MountEntry Parse(ReadOnlySpan<byte> line)
    {
        var fields = new List<string>();
        foreach (var field in line.Split((byte)' '))
        {
            fields.Add(Unescape(line[field]));
        }

        // A number of optional fields ends with a dash.
        var dash = fields.IndexOf("-", 6);
        return new MountEntry(Number(fields[0]), Number(fields[1]), fields[2], fields[3], fields[4], fields[dash + 1], fields[dash + 2]);
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    // Blanks, line ends and backslashes stand there as \040 and the like.
    private static string Unescape(ReadOnlySpan<byte> field)
    {
        var bytes = new List<byte>(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            var escaped = field[i] == '\\' && i + 3 < field.Length;
            bytes.Add(escaped ? Convert.ToByte(Encoding.ASCII.GetString(field.Slice(i + 1, 3)), 8) : field[i]);
            i += escaped ? 3 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
