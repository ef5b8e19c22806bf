using System.Text;

namespace Dom0Image.Posix;

/// <summary>What is mounted where, as this process sees it.</summary>
public static class MountTable
{
    /// <summary>Mount points at or below a directory (absolute, links resolved), deepest last.</summary>
    /// <param name="directory">Absolute path without links in it.</param>
    public static IReadOnlyList<string> Below(string directory)
    {
        var prefix = directory.TrimEnd('/') + "/";
        return [.. File.ReadLines("/proc/self/mountinfo")
            .Select(line => Unescape(line.Split(' ')[4]))
            .Where(point => point == directory || point.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
    }

    // Blanks and backslashes stand there as \040 and the like.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\'))
        {
            return field;
        }

        var bytes = new List<byte>();
        var raw = Encoding.UTF8.GetBytes(field);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '\\' && i + 3 < raw.Length)
            {
                bytes.Add(Convert.ToByte(Encoding.ASCII.GetString(raw, i + 1, 3), 8));
                i += 3;
            }
            else
            {
                bytes.Add(raw[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
