using System.Globalization;

namespace Dom0Image.Recipes;

/// <summary>Sizes as recipes write them, in units of 1024.</summary>
internal static class SizeText
{
    private const string Units = "KMG";

    /// <summary>A size such as <c>128M</c>, or <c>143.5M</c> where no unit gives a whole number; rounded up, so that what is too much looks like it.</summary>
    public static string Of(long bytes)
    {
        var unit = -1;
        var size = 1L;
        while (unit < Units.Length - 1 && bytes >= size << 10)
        {
            unit++;
            size <<= 10;
        }

        return unit < 0
            ? bytes.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes * 10.0 / size) / 10:0.#}{Units[unit]}");
    }
}
