using System.Buffers.Binary;
using System.IO.Compression;
using Dom0Image.Verification;

namespace Dom0Image.Tests.Generations;

/// <summary>Files with the headers that loaders look for, whole by them, and nothing else.</summary>
internal static class Images
{
    private const int KernelSize = 0x1000;

    public static void Kernel(string path, string release)
    {
        var image = new byte[KernelSize];
        image[0x1f1] = 1; // sectors of the set-up, without the first
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x1f4), (KernelSize - (2 * 512)) / 16);
        (image[0x1fe], image[0x1ff]) = (0x55, 0xaa);
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x206), 0x20f);
        (image[0x20e], image[0x20f]) = (0x00, 0x02);
        System.Text.Encoding.ASCII.GetBytes(release + " (someone@example.org) #1\0").CopyTo(image.AsSpan(0x400));

        // As the kernel's build ends it: the sum over all is zero then.
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(KernelSize - 4), Crc32.Add(Crc32.Start, image.AsSpan(0, KernelSize - 4)));
        File.WriteAllBytes(path, image);
    }

    public static byte[] Multiboot2()
    {
        var image = new byte[100_000];
        var header = new uint[] { 0xe85250d6, 0, 24, unchecked(0u - 0xe85250d6 - 24) };
        Buffer.BlockCopy(header, 0, image, 0x1000, 16);
        return image;
    }

    public static void Gzip(string path, byte[] content)
    {
        using var zipped = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        zipped.Write(content);
    }
}
