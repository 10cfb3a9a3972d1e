using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// A bounds-checked cursor over the bytes of a pickle. Nothing is allocated before the bytes for it are known to be there.
/// </summary>
internal ref struct PickleReader(ReadOnlySpan<byte> bytes, string fileName, long fileOffset)
{
    private const int LongestInteger = 1024;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly long FileOffset => fileOffset + Position;

    public byte Byte() => Take(1)[0];

    public long Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public long Length64()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length <= int.MaxValue ? (long)length : throw Fault($"a length of {length} bytes is more than the file can hold.");
    }

    /// <summary>A frame's length: that of the operations behind it, which must all be there.</summary>
    public void Frame()
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        if (length > (ulong)(_bytes.Length - Position))
        {
            throw Fault($"a frame of {length} bytes is announced, but {_bytes.Length - Position} are left; the file was cut.");
        }
    }

    /// <summary>A two's complement integer of any length: a <see cref="long"/> where it fits, else a <see cref="BigInteger"/>.</summary>
    public object Integer(long length)
    {
        if (length is < 0 or > LongestInteger)
        {
            throw Fault($"an integer of {length} bytes is not supported; at most {LongestInteger} are.");
        }

        BigInteger value = new(Take(length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    public string Text(long length)
    {
        ReadOnlySpan<byte> text = Take(length);
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException error)
        {
            throw Fault("a string is not UTF-8.", cause: error);
        }
    }

    /// <summary>Text up to a line feed, which is taken too.</summary>
    public string Line()
    {
        const int LongestLine = 1024;
        int length = _bytes[Position..].IndexOf((byte)'\n');
        if (length is < 0 or > LongestLine)
        {
            throw Fault("a name of at most 1024 bytes that ends with a line feed is expected.");
        }

        string line = Text(length);
        Position++;
        return line;
    }

    public ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > _bytes.Length - Position)
        {
            throw Fault($"{length} bytes are needed, but {_bytes.Length - Position} are left.");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    public readonly WeightFileException Fault(string problem, string? tensor = null, Exception? cause = null) =>
        new(fileName, problem, tensor, FileOffset, innerException: cause);
}
