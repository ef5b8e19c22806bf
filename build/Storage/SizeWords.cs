using System.Globalization;

namespace Dom0Image.Storage;

/// <summary>Sizes as sites and options write them.</summary>
internal static class SizeWords
{
    /// <summary>Such as <c>8G</c>: what <c>size:</c> takes, to the byte.</summary>
    public static string Of(long bytes)
    {
        foreach (var (unit, shift) in new[] { ("G", 30), ("M", 20), ("K", 10) })
        {
            if (bytes >> shift << shift == bytes && bytes > 0)
            {
                return $"{(bytes >> shift).ToString(CultureInfo.InvariantCulture)}{unit}";
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
