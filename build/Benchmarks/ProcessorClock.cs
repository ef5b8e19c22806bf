using System.Globalization;

namespace Dom0Image.Benchmarks;

/// <summary>Processor time of this process's children, and of theirs, as far as they have ended.</summary>
internal static class ProcessorClock
{
    // Behind the name in brackets: state, ppid, ... cutime and cstime are fields 16 and 17 of proc(5).
    private const int ChildUser = 13;
    private const int ChildSystem = 14;

    // USER_HZ, the same on every architecture that Debian has.
    private const double TicksPerSecond = 100;

    /// <summary>The sum so far, to 10 ms.</summary>
    public static TimeSpan Children()
    {
        var line = File.ReadAllText("/proc/self/stat");
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((Ticks(fields[ChildUser]) + Ticks(fields[ChildSystem])) / TicksPerSecond);
    }

    private static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
