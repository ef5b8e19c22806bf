using System.IO.Compression;

namespace Dom0Image.Tests.Generations;

/// <summary>Files with the headers that loaders look for, and nothing else.</summary>
internal static class Images
{
    public static void Kernel(string path, string release)
    {
        var image = new byte[0x1000];
        (image[0x1fe], image[0x1ff]) = (0x55, 0xaa);
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        (image[0x20e], image[0x20f]) = (0x00, 0x02);
        System.Text.Encoding.ASCII.GetBytes(release + " (someone@example.org) #1\0").CopyTo(image.AsSpan(0x400));
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
