using System.Globalization;
using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Lines, fields and numbers as Python's text files, <c>str.split</c> and <c>int</c> see them, for compatible reading.</summary>
internal static class PythonTextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a UTF-8 file whole, a byte order mark included.</summary>
    public static string ReadFile(string path)
    {
        try
        {
            return Strict.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException exception)
        {
            throw new GraphFormatException($"{path}: the byte at index {exception.Index} is not UTF-8; save the file with that encoding.", exception);
        }
    }

    /// <summary>Cuts at CR LF, CR and LF; a line end at the end of the text begins no further line.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        int start = 0;
        while (start < text.Length)
        {
            int length = text.AsSpan(start).IndexOfAny('\r', '\n');
            int end = length < 0 ? text.Length : start + length;
            yield return text[start..end];
            start = end + 1;
            start += end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 1 : 0;
        }
    }

    /// <summary>Cuts at runs of white space.</summary>
    public static List<string> Fields(string line)
    {
        var fields = new List<string>();
        int start = -1;
        for (int i = 0; i <= line.Length; i++)
        {
            bool inField = i < line.Length && !IsSpace(line[i]);
            if (inField && start < 0)
            {
                start = i;
            }
            else if (!inField && start >= 0)
            {
                fields.Add(line[start..i]);
                start = -1;
            }
        }

        return fields;
    }

    /// <summary>
    /// Parses a decimal number: a sign, then digits of any script with single underscores between them. A number too large for an int saturates,
    /// which no id or count survives.
    /// </summary>
    public static bool TryParseInt(string text, out int number)
    {
        number = 0;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        bool negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        long value = 0;
        bool expectsDigit = true;
        foreach (Rune rune in rest.EnumerateRunes())
        {
            if (rune.Value == '_' && !expectsDigit)
            {
                expectsDigit = true;
            }
            else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            {
                value = Math.Min((value * 10) + (long)Rune.GetNumericValue(rune), int.MaxValue);
                expectsDigit = false;
            }
            else
            {
                return false;
            }
        }

        number = (int)(negative ? -value : value);
        return !expectsDigit;
    }

    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F';
}
