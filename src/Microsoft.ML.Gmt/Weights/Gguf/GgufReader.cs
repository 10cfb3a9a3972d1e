using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>The types of a GGUF file's settings; the numbers are those of the format.</summary>
internal enum GgufValueType : uint
{
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    Float32,
    Bool,
    String,
    Array,
    UInt64,
    Int64,
    Float64,
}

/// <summary>
/// Reads the parts of a GGUF header one after the other, little-endian; every fault is a <see cref="WeightFileException"/> with its offset.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="position">Where to begin.</param>
internal sealed class GgufReader(WeightBytes file, long position = 0)
{
    private const int DeepestArray = 4, MostDimensions = 4, LeastEntry = 12;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where the next part begins.</summary>
    public long Position { get; private set; } = position;

    public WeightFileException Fault(string problem) => new(file.Path, problem, offset: Position);

    public void Expect(ReadOnlySpan<byte> expected, string otherwise)
    {
        if (!file.Span(Position, expected.Length).SequenceEqual(expected))
        {
            throw Fault($"{otherwise}.");
        }

        Position += expected.Length;
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>A count of entries, each of which takes room in the file.</summary>
    public long Count(string what)
    {
        long count = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return count >= 0 && count <= (file.Length - Position) / LeastEntry
            ? count
            : throw Fault($"{count} {what} do not fit into a file of {file.Length} bytes.");
    }

    public string Text()
    {
        ReadOnlySpan<byte> text = Take(Length());
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException e)
        {
            throw new WeightFileException(file.Path, "a text is not valid UTF-8.", offset: Position - text.Length, innerException: e);
        }
    }

    /// <summary>A setting's value; of a list what it holds, its values are passed over.</summary>
    public object Value(GgufValueType type) =>
        type == GgufValueType.Array ? Array(depth: 1) : type == GgufValueType.String ? Text() : Number(type, Take(SizeOf(type)));

    public (string Name, GgufTensorType Type, long[] Shape, long Offset) Tensor()
    {
        string name = Text();
        uint dimensions = UInt32();
        if (dimensions > MostDimensions)
        {
            throw new WeightFileException(file.Path, $"it has {dimensions} dimensions; GGUF has at most {MostDimensions}.", name, Position);
        }

        long[] shape = new long[dimensions];
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            shape[i] = Natural(name, "dimension");
        }

        uint type = UInt32();
        return (
            name,
            GgufTensorType.Find(type) ?? throw new WeightFileException(file.Path, $"its element type {type} is not known.", name, Position),
            shape,
            Natural(name, "offset"));
    }

    private GgufArray Array(int depth)
    {
        var type = (GgufValueType)UInt32();
        long count = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))), start = Position;
        if (depth > DeepestArray)
        {
            throw Fault($"lists lie in each other more than {DeepestArray} deep.");
        }

        if (type is not (GgufValueType.String or GgufValueType.Array))
        {
            int size = SizeOf(type);
            Position += count >= 0 && count <= (file.Length - Position) / size
                ? count * size
                : throw Fault($"a list of {count} values does not fit into the file.");
            return new GgufArray(count, type, start);
        }

        for (long i = 0; i < count; i++)
        {
            if (type == GgufValueType.Array)
            {
                Array(depth + 1);
            }
            else
            {
                Take(Length());
            }
        }

        return count >= 0 ? new GgufArray(count, type, start) : throw Fault($"a list cannot have {count} values.");
    }

    private long Natural(string tensor, string what)
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return value >= 0
            ? value
            : throw new WeightFileException(file.Path, $"its {what} {(ulong)value} is beyond any file.", tensor, Position - sizeof(long));
    }

    private int Length()
    {
        long length = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return length >= 0 && length <= Math.Min(file.Length - Position, int.MaxValue)
            ? (int)length
            : throw Fault($"a text of {(ulong)length} bytes does not fit into the file.");
    }

    private int SizeOf(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => throw Fault($"{(uint)type} is no type of a setting."),
    };

    private static object Number(GgufValueType type, ReadOnlySpan<byte> bytes) => type switch
    {
        GgufValueType.UInt8 => bytes[0],
        GgufValueType.Int8 => (sbyte)bytes[0],
        GgufValueType.Bool => bytes[0] != 0,
        GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> bytes = file.Span(Position, count);
        Position += count;
        return bytes;
    }
}
