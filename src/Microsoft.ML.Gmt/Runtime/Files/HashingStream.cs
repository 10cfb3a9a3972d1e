using System.Security.Cryptography;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Passes bytes on to another stream, or on from it, and hashes them on the way.</summary>
/// <param name="inner">The other stream; it stays open.</param>
internal sealed class HashingStream(Stream inner) : Stream
{
    private const int BufferSize = 16 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // Small pieces are collected: a call of the hash costs more than a few bytes of it.
    private readonly byte[] _pending = new byte[BufferSize];
    private int _pendingCount;
    private long _count;

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <summary>How many bytes have passed.</summary>
    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    /// <summary>What has passed so far; hashing begins anew.</summary>
    public ContentHash Finish()
    {
        FlushPending();
        var content = new ContentHash(_count, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        _count = 0;
        return content;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        Add(buffer[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Add(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        _count += bytes.Length;
        if (bytes.Length > BufferSize - _pendingCount)
        {
            FlushPending();
        }

        if (bytes.Length >= BufferSize)
        {
            _hash.AppendData(bytes);
            return;
        }

        bytes.CopyTo(_pending.AsSpan(_pendingCount));
        _pendingCount += bytes.Length;
    }

    private void FlushPending()
    {
        _hash.AppendData(_pending, 0, _pendingCount);
        _pendingCount = 0;
    }
}
