using System.Globalization;

namespace Dom0Image.Posix;

/// <summary>How many processes want a processor.</summary>
internal static class LoadAverage
{
    /// <summary>On average over the last minute; see proc_loadavg(5).</summary>
    public static double OfLastMinute() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
