using System.Buffers.Binary;
using System.IO.Compression;

namespace Dom0Image.Verification;

/// <summary>Tells whether a file can be booted by GRUB's <c>multiboot2</c>.</summary>
internal static class Multiboot2
{
    // Where the Multiboot2 specification has a loader look, and how.
    private const uint Magic = 0xe85250d6;
    private const int SearchedBytes = 32768;
    private const int Alignment = 8;

    /// <summary>Whether a valid Multiboot2 header is in the file, gzipped or not.</summary>
    public static bool HasHeader(string path)
    {
        var head = FileHead.Read(path, SearchedBytes);
        if (head.AsSpan().StartsWith<byte>([0x1f, 0x8b]))
        {
            try
            {
                using var unzipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
                head = FileHead.Read(unzipped, SearchedBytes);
            }
            catch (InvalidDataException)
            {
                return false;
            }
        }

        for (var at = 0; at + 16 <= head.Length; at += Alignment)
        {
            if (Word(head, at) == Magic && unchecked(Magic + Word(head, at + 4) + Word(head, at + 8) + Word(head, at + 12)) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}

/// <summary>The first bytes of files.</summary>
internal static class FileHead
{
    public static byte[] Read(string path, int count)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, count);
    }

    public static byte[] Read(Stream stream, int count)
    {
        var head = new byte[count];
        return head[..stream.ReadAtLeast(head, count, throwOnEndOfStream: false)];
    }
}
