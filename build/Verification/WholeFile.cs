using System.Buffers.Binary;
using System.IO.Compression;

namespace Dom0Image.Verification;

/// <summary>Tells whether a hypervisor's file is whole: a gzip by its own sum and length, an ELF file by what its header says is in it.</summary>
internal static class WholeFile
{
    private const int GzipTrailer = 8;

    /// <summary>What shows that it is not; null when it is whole, or when nothing in it could tell.</summary>
    public static string? Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().StartsWith<byte>([0x1f, 0x8b]) ? OfGzip(bytes) : OfElf(bytes);
    }

    private static string? OfGzip(byte[] bytes)
    {
        byte[] content;
        try
        {
            using var unzipped = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var memory = new MemoryStream();
            unzipped.CopyTo(memory);
            content = memory.ToArray();
        }
        catch (InvalidDataException problem)
        {
            return $"cannot be unpacked: {problem.Message}";
        }

        // The stream takes a file that ends too early for one that ends.
        var trailer = bytes.AsSpan(Math.Max(0, bytes.Length - GzipTrailer));
        return trailer.Length < GzipTrailer
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer) != ~Crc32.Add(Crc32.Start, content)
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != (uint)content.Length
            ? "does not have the checksum and the length that are at its end: it is cut short, or was damaged"
            : OfElf(content);
    }

    // Program headers: those of 32 bits, as hypervisors have it, and of 64.
    private static string? OfElf(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("\u007fELF"u8) || bytes.Length < 64)
        {
            return null;
        }

        var wide = bytes[4] == 2;
        var table = wide ? (long)BinaryPrimitives.ReadUInt64LittleEndian(bytes[0x20..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[0x1c..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(wide ? 0x36 : 0x2a)..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(wide ? 0x38 : 0x2c)..]);
        if (count > 0 && size < (wide ? 0x38 : 0x20))
        {
            return "has a damaged header: its program headers are too short";
        }

        for (var i = 0; i < count; i++)
        {
            var at = table + ((long)i * size);
            if (at + size > bytes.Length || at < 0)
            {
                return "is cut short: its program headers are not there";
            }

            var header = bytes.Slice((int)at, size);
            var end = wide
                ? BinaryPrimitives.ReadUInt64LittleEndian(header[8..]) + BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..])
                : BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) + (ulong)BinaryPrimitives.ReadUInt32LittleEndian(header[0x10..]);
            if (end > (ulong)bytes.Length)
            {
                return $"has {bytes.Length} bytes, and {end} by its header: its end is missing";
            }
        }

        return null;
    }
}
