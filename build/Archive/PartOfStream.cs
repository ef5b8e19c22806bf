namespace Dom0Image.Archive;

/// <summary>The next bytes of a stream, as a stream of its own that only reads and seeks within them.</summary>
/// <param name="whole">At the part's first byte; not closed with this one.</param>
/// <param name="length">Of the part, in bytes.</param>
internal sealed class PartOfStream(Stream whole, long length) : Stream
{
    private readonly long _start = whole.Position;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        whole.Position = _start + _position;
        var read = whole.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(0, length - _position))]);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin)
        => _position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
