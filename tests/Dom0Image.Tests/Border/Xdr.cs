using System.Buffers.Binary;
using System.Text;

namespace Dom0Image.Tests.Border;

/// <summary>Writes what Sun's remote procedure calls carry.</summary>
internal sealed class XdrWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public XdrWriter Number(uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, value);
        _bytes.AddRange(four);
        return this;
    }

    public XdrWriter Long(ulong value) => Number((uint)(value >> 32)).Number((uint)value);

    public XdrWriter Opaque(ReadOnlySpan<byte> value)
    {
        Number((uint)value.Length);
        _bytes.AddRange(value);
        _bytes.AddRange(new byte[-value.Length & 3]);
        return this;
    }

    public XdrWriter Text(string value) => Opaque(Encoding.UTF8.GetBytes(value));
}

/// <summary>Reads it.</summary>
internal sealed class XdrReader(byte[] bytes)
{
    private int _at;

    public uint Number()
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(_at));
        _at += 4;
        return value;
    }

    public byte[] Opaque()
    {
        var length = (int)Number();
        var value = bytes[_at..(_at + length)];
        _at += length + (-length & 3);
        return value;
    }

    public void Skip(int count) => _at += count;
}
