using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// The few string operations of Python whose result differs from .NET's, so that texts are judged exactly as the reference does.
/// </summary>
internal static class PythonText
{
    /// <summary>Python's white space: Unicode's, and the four ASCII separators U+001C … U+001F.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary><c>str.strip()</c>.</summary>
    public static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsSpace(text[0]))
        {
            text = text[1..];
        }

        while (text.Length > 0 && IsSpace(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    /// <summary>
    /// <c>str.splitlines()</c>: also vertical tab, form feed, the ASCII separators, U+0085, U+2028 and U+2029 end a line.
    /// </summary>
    public static IEnumerable<string> SplitLines(string text)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r' or '\v' or '\f' or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029'))
            {
                continue;
            }

            yield return text[start..i];
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                i++;
            }

            start = i + 1;
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    /// <summary><c>str.lower()</c>: the full mapping, with İ in two characters and Σ at a word's end as ς.</summary>
    public static string Lower(string text)
    {
        var lower = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            _ = text[i] switch
            {
                'İ' => lower.Append("i\u0307"),
                'Σ' => lower.Append(IsFinalSigma(text, i) ? 'ς' : 'σ'),
                var c when char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) =>
                    lower.Append(Rune.ToLowerInvariant(new Rune(c, text[++i])).ToString()),
                var c => lower.Append(char.ToLowerInvariant(c)),
            };
        }

        return lower.ToString();
    }

    /// <summary><c>str(value)</c> of a value that <c>json.loads</c> made.</summary>
    public static string Str(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : Repr(value);

    private static string Repr(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => Number(value.GetRawText()),
        JsonValueKind.String => Quote(value.GetString()!),
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Repr))}]",
        _ => $"{{{string.Join(", ", value.EnumerateObject().Select(member => $"{Quote(member.Name)}: {Repr(member.Value)}"))}}}",
    };

    /// <summary>An integer as it stands; a float as <c>repr</c> prints it.</summary>
    private static string Number(string raw) =>
        raw.AsSpan().IndexOfAny('.', 'e', 'E') >= 0
            ? PythonNumber.Represent(double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture))
        : raw == "-0" ? "0"
        : raw;

    private static string Quote(string text)
    {
        char quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                var c when c == quote => quoted.Append('\\').Append(quote),
                < 0x20 or 0x7f => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ => quoted.Append(rune.ToString()),
            };
        }

        return quoted.Append(quote).ToString();
    }

    /// <summary>Unicode's Final_Sigma: a cased letter before it and none after it, case-ignorable characters passed over.</summary>
    private static bool IsFinalSigma(string text, int at)
    {
        int before = at - 1, after = at + 1;
        while (before >= 0 && IsCaseIgnorable(text[before]))
        {
            before--;
        }

        while (after < text.Length && IsCaseIgnorable(text[after]))
        {
            after++;
        }

        return before >= 0 && IsCased(text[before]) && !(after < text.Length && IsCased(text[after]));
    }

    private static bool IsCased(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(char c) => c is '\'' or '.' or ':' or '·' or '’' || char.GetUnicodeCategory(c)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
