using System.Buffers.Binary;
using System.Text;

namespace Dom0Image.Generations;

/// <summary>Reads the header of a Linux kernel for x86 (bzImage), as the boot protocol of the kernel's documentation lays it out.</summary>
public static class KernelImage
{
    private const int BootFlag = 0x1fe;
    private const int HeaderMagic = 0x202;
    private const int VersionPointer = 0x20e;
    private const int VersionBase = 0x200;
    private const int HeadSize = 64 * 1024;

    /// <summary>The kernel's release as <c>uname -r</c> prints it; null when the file is no such kernel.</summary>
    public static string? ReadRelease(string path)
    {
        var head = FileHead.Read(path, HeadSize);
        if (head.Length < VersionPointer + 2 || BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(BootFlag)) != 0xaa55 || !head.AsSpan(HeaderMagic, 4).SequenceEqual("HdrS"u8))
        {
            return null;
        }

        var start = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(VersionPointer)) + VersionBase;
        var text = start < head.Length ? head.AsSpan(start) : [];
        var end = text.IndexOfAny((byte)' ', (byte)0);
        return end > 0 ? Encoding.ASCII.GetString(text[..end]) : null;
    }
}
