namespace Dom0Image.RootFs.RamTree;

/// <summary>Takes what is written to it and tells whether another stream holds just that.</summary>
/// <param name="other">What is compared with; disposed with this one.</param>
internal sealed class ComparingStream(Stream other) : Stream
{
    private byte[] _buffer = [];

    /// <summary>Whether all that was written so far is in the other stream, too.</summary>
    public bool IsSame { get; private set; } = true;

    /// <summary>Whether the other stream holds no more.</summary>
    public bool IsAtEnd => other.ReadByte() < 0;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!IsSame)
        {
            return;
        }

        if (_buffer.Length < buffer.Length)
        {
            _buffer = new byte[buffer.Length];
        }

        var there = _buffer.AsSpan(0, buffer.Length);
        IsSame = other.ReadAtLeast(there, there.Length, throwOnEndOfStream: false) == there.Length && there.SequenceEqual(buffer);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            other.Dispose();
        }

        base.Dispose(disposing);
    }
}
