using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Dom0Image.Verification;

/// <summary>Reads the header of a Linux kernel for x86 (bzImage), as the boot protocol of the kernel's documentation lays it out.</summary>
internal static class KernelImage
{
    private const int SetupSectors = 0x1f1;
    private const int SystemSize = 0x1f4;
    private const int BootFlag = 0x1fe;
    private const int HeaderMagic = 0x202;
    private const int ProtocolVersion = 0x206;
    private const int VersionPointer = 0x20e;
    private const int VersionBase = 0x200;
    private const int HeadSize = 64 * 1024;

    private const int SectorSize = 512;
    private const int DefaultSetupSectors = 4;
    private const int Paragraph = 16;

    // The boot protocol since which the file ends with a checksum over all of it, and the kernel since which it does not.
    private const int ProtocolWithChecksum = 0x208;
    private static readonly Version WithoutChecksum = new(6, 15);

    /// <summary>The kernel's release as <c>uname -r</c> prints it; null when the file is no such kernel.</summary>
    public static string? ReadRelease(string path) => ReleaseIn(FileHead.Read(path, HeadSize));

    /// <summary>What shows that a kernel is not whole: its length against its header's, or the checksum at its end; null when it is whole.</summary>
    /// <param name="path">A file that has a release.</param>
    public static string? Damage(string path)
    {
        var head = FileHead.Read(path, HeadSize);
        var setup = head[SetupSectors] == 0 ? DefaultSetupSectors : head[SetupSectors];
        var system = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(SystemSize)) * (long)Paragraph;
        var length = ((setup + 1) * SectorSize) + system;
        var bytes = File.ReadAllBytes(path);
        return system == 0 ? "has a header that says that no kernel follows"
            : bytes.Length < length ? $"has {bytes.Length} bytes, and {length} by its header: its end is missing"
            : HasChecksum(head) && Crc32.Add(Crc32.Start, bytes.AsSpan(0, (int)length)) != 0 ? "does not have the checksum that is at its end: it was damaged"
            : null;
    }

    private static bool HasChecksum(byte[] head)
        => BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(ProtocolVersion)) >= ProtocolWithChecksum
            && ReleaseIn(head)?.Split('.', '-', '+') is [var major, var minor, ..]
            && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            && new Version(first, second) < WithoutChecksum;

    private static string? ReleaseIn(byte[] head)
    {
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
