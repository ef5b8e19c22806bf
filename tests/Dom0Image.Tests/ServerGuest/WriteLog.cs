using System.Buffers.Binary;

namespace Dom0Image.Tests.ServerGuest;

/// <summary>
/// What a guest wrote to a disk and when it flushed, in order, as QEMU's <c>blklogwrites</c> keeps it: the form of the kernel's
/// dm-log-writes, see Documentation/admin-guide/device-mapper/log-writes.rst.
/// </summary>
internal static class WriteLog
{
    /// <summary>Bytes of a sector, of the log's as of the disk's.</summary>
    public const int SectorSize = 512;

    // "hsrwgsj" and a zero, little end first.
    private const ulong Magic = 0x6a736677736872;
    private const ulong KnownVersion = 1;
    private const int HeaderLength = 32;

    /// <summary>Reads the entries, those behind the last flush among them; an entry that is not whole was not written.</summary>
    public static IEnumerable<WriteLogEntry> Read(string file)
    {
        using var log = File.OpenRead(file);
        var sector = new byte[SectorSize];
        if (log.ReadAtLeast(sector, SectorSize, throwOnEndOfStream: false) < SectorSize || Number(sector, 0) != Magic || Number(sector, 1) != KnownVersion)
        {
            throw new InvalidDataException($"{file} is no log of writes");
        }

        while (log.ReadAtLeast(sector, SectorSize, throwOnEndOfStream: false) == SectorSize)
        {
            var (first, count, flags) = ((long)Number(sector, 0), (long)Number(sector, 1), (WriteLogFlags)Number(sector, 2));
            if (count == 0 && flags == WriteLogFlags.None)
            {
                yield break;
            }

            var data = flags.HasFlag(WriteLogFlags.Discard) ? 0 : count * SectorSize;
            if (log.Position + data > log.Length)
            {
                yield break;
            }

            yield return new WriteLogEntry(first * SectorSize, count * SectorSize, flags, log.Position);
            log.Position += data;
        }
    }

    private static ulong Number(byte[] sector, int index) => BinaryPrimitives.ReadUInt64LittleEndian(sector.AsSpan(index * sizeof(ulong), HeaderLength / 4));
}

/// <summary>What an entry is besides a write.</summary>
[Flags]
internal enum WriteLogFlags : ulong
{
    /// <summary>A write.</summary>
    None = 0,

    /// <summary>All before it is on the disk.</summary>
    Flush = 1,

    /// <summary>It is on the disk itself.</summary>
    ForcedUnitAccess = 2,

    /// <summary>Nothing is written: what stood there is gone.</summary>
    Discard = 4,

    /// <summary>A word of a person's.</summary>
    Mark = 8,
}

/// <summary>One write.</summary>
/// <param name="Offset">Where on the disk, in bytes.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Flags">What else it is.</param>
/// <param name="Data">Where its data stand in the log.</param>
internal sealed record WriteLogEntry(long Offset, long Length, WriteLogFlags Flags, long Data)
{
    /// <summary>Whether all before it is on the disk.</summary>
    public bool IsFlush => Flags.HasFlag(WriteLogFlags.Flush);
}
