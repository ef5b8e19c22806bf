using System.Buffers.Binary;
using System.Text;
using Dom0Image.Posix;

namespace Dom0Image.RootFs.RamTree;

/// <summary>The block that begins an entry of a tar archive, in GNU's form.</summary>
/// <param name="Type">The entry's kind.</param>
/// <param name="Mode">Permission, set-id and sticky bits.</param>
internal sealed record TarHeader(char Type, int Mode)
{
    /// <summary>Everything in an archive fills whole blocks.</summary>
    public const int Block = 512;

    public const char Directory = '5';
    public const char HardLink = '1';
    public const char CharacterDevice = '3';

    // GNU's, with its blank where POSIX has a version.
    private static readonly byte[] Magic = "ustar  \0"u8.ToArray();

    /// <summary>Owner's number.</summary>
    public uint User { get; init; }

    /// <summary>Group's number.</summary>
    public uint Group { get; init; }

    /// <summary>Bytes of content that follow.</summary>
    public long Size { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Modified { get; init; }

    /// <summary>A device's major number.</summary>
    public uint Major { get; init; }

    /// <summary>A device's minor number.</summary>
    public uint Minor { get; init; }

    /// <summary>The header of a node, without content.</summary>
    public static TarHeader Of(FileNode node, char type) => new(type, node.Mode)
    {
        User = node.Uid,
        Group = node.Gid,
        Modified = Math.Max(0, node.WrittenAt),
        Major = type is CharacterDevice or '4' ? DeviceNumber.Major(node.Device) : 0,
        Minor = type is CharacterDevice or '4' ? DeviceNumber.Minor(node.Device) : 0,
    };

    /// <summary>What tar calls a node's kind.</summary>
    public static char TypeOf(FileNode node) => node.Type switch
    {
        FileType.Directory => Directory,
        FileType.Symlink => '2',
        FileType.CharacterDevice => CharacterDevice,
        FileType.BlockDevice => '4',
        FileType.Fifo => '6',
        _ => '0',
    };

    /// <summary>The block. Of a name or target that is too long for it, the beginning: the whole stands in an entry before.</summary>
    public byte[] ToBytes(byte[] name, byte[] target)
    {
        var block = new byte[Block];
        name.AsSpan(0, Math.Min(name.Length, 100)).CopyTo(block);
        Number(block.AsSpan(100, 8), Mode);
        Number(block.AsSpan(108, 8), User);
        Number(block.AsSpan(116, 8), Group);
        Number(block.AsSpan(124, 12), Size);
        Number(block.AsSpan(136, 12), Modified);
        block.AsSpan(148, 8).Fill((byte)' ');
        block[156] = (byte)Type;
        target.AsSpan(0, Math.Min(target.Length, 100)).CopyTo(block.AsSpan(157));
        Magic.CopyTo(block, 257);
        if (Type is CharacterDevice or '4')
        {
            Number(block.AsSpan(329, 8), Major);
            Number(block.AsSpan(337, 8), Minor);
        }

        // Summed up with blanks in its own place.
        Number(block.AsSpan(148, 7), block.Sum(value => value));
        return block;
    }

    // Octal digits and a NUL; what has too many digits in binary, marked by the first bit.
    private static void Number(Span<byte> field, long value)
    {
        var digits = Convert.ToString(value, 8);
        if (digits.Length < field.Length)
        {
            Encoding.ASCII.GetBytes(digits.PadLeft(field.Length - 1, '0'), field);
            field[^1] = 0;
            return;
        }

        field.Clear();
        BinaryPrimitives.WriteInt64BigEndian(field.Length > 8 ? field[^8..] : field, value);
        field[0] |= 0x80;
    }
}
