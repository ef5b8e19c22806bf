namespace Dom0Image.Verification;

/// <summary>The checksum that gzip and Linux kernels have at their ends, while it is taken.</summary>
internal static class Crc32
{
    /// <summary>Before the first byte.</summary>
    public const uint Start = 0xffffffff;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (sum, _) => (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xedb88320))];

    /// <summary>After some more bytes.</summary>
    public static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        }

        return sum;
    }
}
