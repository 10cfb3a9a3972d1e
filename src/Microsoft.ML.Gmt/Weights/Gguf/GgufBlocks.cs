using System.Buffers.Binary;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Widens ggml's quantized blocks of 32 to fp32, with ggml's own order of operations, so that the bits are those of its reference code.
/// </summary>
/// <remarks>
/// d and m are fp16, at the beginning of a block; q are the quantized numbers, the low halves of 16 bytes first, then the high ones; the
/// fifth bits of Q5 stand apart as one 32-bit number.
/// Q4_0: (q − 8) d. Q4_1: q d + m. Q5_0: (q − 16) d. Q5_1: q d + m. Q8_0: q d.
/// </remarks>
internal static class GgufBlocks
{
    private const int Size = 32, Half = 16;

    // Adding this leaves every number as it is, the sign of a zero too.
    private const float NoLeast = -0f;

    /// <summary>The types that are widened.</summary>
    public static IReadOnlyList<string> Types { get; } = ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"];

    /// <summary>Widens whole blocks.</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="values">Receives 32 numbers a block.</param>
    public static void Widen(string type, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int bytes = blocks.Length / (values.Length / Size);
        for (int block = 0; block * Size < values.Length; block++)
        {
            ReadOnlySpan<byte> from = blocks.Slice(block * bytes, bytes);
            Span<float> to = values.Slice(block * Size, Size);
            switch (type)
            {
                case "Q4_0":
                    Halves(from[2..], [], -8, Float16(from), NoLeast, to);
                    break;
                case "Q4_1":
                    Halves(from[4..], [], 0, Float16(from), Float16(from[2..]), to);
                    break;
                case "Q5_0":
                    Halves(from[6..], from[2..6], -16, Float16(from), NoLeast, to);
                    break;
                case "Q5_1":
                    Halves(from[8..], from[4..8], 0, Float16(from), Float16(from[2..]), to);
                    break;
                default:
                    Bytes(from[2..], Float16(from), to);
                    break;
            }
        }
    }

    private static void Halves(ReadOnlySpan<byte> halves, ReadOnlySpan<byte> fifths, int offset, float d, float m, Span<float> values)
    {
        uint fifth = fifths.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(fifths);
        for (int i = 0; i < Half; i++)
        {
            int low = (halves[i] & 15) | (int)(((fifth >> i) & 1) << 4);
            int high = (halves[i] >> 4) | (int)(((fifth >> (i + Half)) & 1) << 4);
            values[i] = ((low + offset) * d) + m;
            values[i + Half] = ((high + offset) * d) + m;
        }
    }

    private static void Bytes(ReadOnlySpan<byte> bytes, float d, Span<float> values)
    {
        for (int i = 0; i < Size; i++)
        {
            values[i] = (sbyte)bytes[i] * d;
        }
    }

    private static float Float16(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);
}
