using System.Buffers;
using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>White space around UTF-8 text: blanks, tabs, no-break and other spaces of Unicode.</summary>
internal static class Utf8Blanks
{
    // Whatever begins a rune that is white space: ASCII's own, and the first bytes of U+0085, U+00A0, U+1680, U+2000 … and U+3000.
    private static readonly SearchValues<byte> FirstBytes = SearchValues.Create([9, 10, 11, 12, 13, 32, 0xC2, 0xE1, 0xE2, 0xE3]);

    /// <summary>The part of a line that is left of a part of it when white space at both ends is left out.</summary>
    public static Range Trim(ReadOnlySpan<byte> line, Range part)
    {
        (int start, int length) = part.GetOffsetAndLength(line.Length);
        int end = start + length;
        while (start < end && FirstBytes.Contains(line[start])
            && Rune.DecodeFromUtf8(line[start..end], out Rune first, out int size) == OperationStatus.Done && Rune.IsWhiteSpace(first))
        {
            start += size;
        }

        while (start < end && (line[end - 1] is <= 32 or >= 0x80)
            && Rune.DecodeLastFromUtf8(line[start..end], out Rune last, out int size) == OperationStatus.Done && Rune.IsWhiteSpace(last))
        {
            end -= size;
        }

        return start..end;
    }
}
