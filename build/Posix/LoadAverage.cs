using System.Globalization;

namespace Dom0Image.Posix;

/// <summary>How many processes want a processor.</summary>
internal static class LoadAverage
{
    /// <summary>On average over the last minute; see proc_loadavg(5).</summary>
    public static double OfLastMinute() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>How much slower than an idle one this machine is: a factor for limits of time.</summary>
    public static double Slowness() => Slowness(OfLastMinute());

    /// <summary>The same of a load that was read before.</summary>
    public static double Slowness(double load) => Math.Clamp(load / Environment.ProcessorCount, 1, 4);
}
