using System.Globalization;

namespace Dom0Image.Diagnostics;

/// <summary>Numbers as people read them.</summary>
internal static class HumanText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A size, such as <c>222 MB</c>; units of 1000.</summary>
    public static string Size(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var format = unit == 0 || value >= 9.95 ? "0" : "0.0";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>A time, such as <c>0.3 s</c> or <c>5 m 24 s</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 99.95
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalSeconds / 60):0} m {Math.Floor(time.TotalSeconds) % 60:00} s");

    /// <summary>A moment of the run, in a column of its own, such as <c>[  12.3 s]</c>.</summary>
    public static string Moment(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"[{time.TotalSeconds,7:0.0} s]");

    /// <summary>A share, such as <c>42 %</c>; never 100 before the end.</summary>
    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Math.Clamp(fraction, 0, 1) * 100):0} %");
}
