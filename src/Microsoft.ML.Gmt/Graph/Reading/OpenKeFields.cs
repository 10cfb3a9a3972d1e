using System.Buffers.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>The fields of an OpenKE line: whatever stands between blanks and tabs.</summary>
internal static class OpenKeFields
{
    public static List<Range> Split(ReadOnlySpan<byte> line)
    {
        var fields = new List<Range>();
        int position = 0;
        while (true)
        {
            int blanks = line[position..].IndexOfAnyExcept((byte)' ', (byte)'\t');
            if (blanks < 0)
            {
                return fields;
            }

            int start = position + blanks;
            int length = line[start..].IndexOfAny((byte)' ', (byte)'\t');
            position = length < 0 ? line.Length : start + length;
            fields.Add(start..position);
        }
    }

    /// <summary>Parses a number without sign that an id can have.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out int number)
    {
        number = 0;
        return field.Length > 0 && char.IsAsciiDigit((char)field[0])
            && Utf8Parser.TryParse(field, out number, out int consumed) && consumed == field.Length;
    }

    /// <summary>Whether it is a number at all, though perhaps none that an id can have.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> digits = field.Length > 1 && field[0] is (byte)'-' or (byte)'+' ? field[1..] : field;
        return digits.Length > 0 && digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
