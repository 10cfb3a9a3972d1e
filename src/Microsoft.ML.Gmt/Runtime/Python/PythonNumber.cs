using System.Globalization;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Numbers as Python reads and writes them.</summary>
internal static class PythonNumber
{
    private static readonly string[] Infinities = ["inf", "infinity"];

    // Python refuses more, so that a long text does not take its time.
    private const int MostDigits = 4300;

    /// <summary><c>int(text)</c>, within 32 bits.</summary>
    public static bool TryParseInteger(string text, out int value)
    {
        bool fits = TryParseBigInteger(text, out BigInteger whole) && whole >= int.MinValue && whole <= int.MaxValue;
        value = fits ? (int)whole : 0;
        return fits;
    }

    /// <summary><c>int(text)</c>: a sign, then digits of any script with single underscores between them.</summary>
    public static bool TryParseBigInteger(string text, out BigInteger value)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        bool isNegative = rest.StartsWith("-");
        rest = isNegative || rest.StartsWith("+") ? rest[1..] : rest;
        value = default;
        var digits = new StringBuilder();
        bool expectsDigit = true;
        foreach (Rune rune in rest.EnumerateRunes())
        {
            if (rune.Value == '_' && !expectsDigit)
            {
                expectsDigit = true;
            }
            else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            {
                digits.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
                expectsDigit = false;
            }
            else
            {
                return false;
            }
        }

        if (expectsDigit || digits.Length > MostDigits)
        {
            return false;
        }

        value = BigInteger.Parse(digits.ToString(), NumberStyles.None, CultureInfo.InvariantCulture) * (isNegative ? -1 : 1);
        return true;
    }

    /// <summary><c>float(text)</c>.</summary>
    public static bool TryParse(string text, out double value)
    {
        value = 0;
        if (!TryRemoveUnderscores(text.Trim(), out string number))
        {
            return false;
        }

        string word = number.TrimStart('+', '-').ToLowerInvariant();
        if (number.Length - word.Length <= 1 && (word == "nan" || Infinities.Contains(word)))
        {
            value = word == "nan" ? double.NaN : number[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return word.Length > 0 && (char.IsAsciiDigit(word[0]) || word[0] == '.')
            && double.TryParse(number, Style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// <c>repr(value)</c>: the shortest digits that read back the same; an exponent of at least two digits below 1e-4 and from 1e16.
    /// </summary>
    public static string Represent(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        (string digits, int point) = ShortestDigits(Math.Abs(value));
        string sign = double.IsNegative(value) ? "-" : "";
        int exponent = point - 1;
        if (exponent is < -4 or >= 16)
        {
            string fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(
                CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        return sign + (point <= 0 ? "0." + new string('0', -point) + digits
            : point >= digits.Length ? digits.PadRight(point, '0') + ".0"
            : digits[..point] + "." + digits[point..]);
    }

    /// <summary><c>f"{value:.4f}"</c> with any number of digits: rounded half to even, as the exact binary value demands.</summary>
    public static string Fixed(double value, int digits)
    {
        if (!double.IsFinite(value))
        {
            return Represent(value);
        }

        // A double has at most 1074 digits after the point: cut there, it is exact, so that a tie can be seen.
        string exact = Math.Abs(value).ToString("F1074", CultureInfo.InvariantCulture);
        int end = exact.IndexOf('.', StringComparison.Ordinal) + 1 + digits;
        string rounded = Math.Abs(value).ToString($"F{digits}", CultureInfo.InvariantCulture);
        bool tie = exact[end] == '5' && exact.AsSpan(end + 1).IndexOfAnyExcept('0') < 0;
        string kept = digits == 0 ? exact[..(end - 1)] : exact[..end];
        bool even = (kept[^1] - '0') % 2 == 0;
        string text = tie && even ? kept : rounded;
        return double.IsNegative(value) ? "-" + text : text;
    }

    /// <summary>The fewest digits that read back the same, and where the point stands among them: 0.00125 is 125 and −2.</summary>
    private static (string Digits, int Point) ShortestDigits(double value)
    {
        string[] parts = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        string digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        point = (point < 0 ? digits.Length : point) - (digits.Length - significant.Length);
        point += parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        significant = significant.TrimEnd('0');
        return significant.Length == 0 ? ("0", 1) : (significant, point);
    }

    /// <summary>Single underscores between digits mean nothing.</summary>
    private static bool TryRemoveUnderscores(string text, out string plain)
    {
        plain = text.Replace("_", "", StringComparison.Ordinal);
        for (int i = text.IndexOf('_', StringComparison.Ordinal); i >= 0; i = text.IndexOf('_', i + 1))
        {
            if (i == 0 || i == text.Length - 1 || !char.IsAsciiDigit(text[i - 1]) || !char.IsAsciiDigit(text[i + 1]))
            {
                return false;
            }
        }

        return true;
    }
}
