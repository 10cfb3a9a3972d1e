using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Forms of a name in which ways to write it that look alike are equal.</summary>
internal static class NameForm
{
    /// <summary>
    /// Without invisible characters, blanks at the ends and further blanks after a blank, in Unicode's normal form NFC: what no reader sees
    /// makes no difference.
    /// </summary>
    public static string Canonical(string name) => NormalForm.Of(Visible(name), NormalizationForm.FormC);

    /// <summary>The same in NFKC: nor do full width, ligatures and the like.</summary>
    public static string Compatible(string name) => Visible(NormalForm.Of(Visible(name), NormalizationForm.FormKC));

    /// <summary>The same in capitals: nor does case. What is equal in one of the other forms is equal in this one.</summary>
    public static string Capital(string name) =>
        Compatible(name).Replace("ß", "ss", StringComparison.Ordinal).Replace("ẞ", "ss", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>A name in which invisible characters, unusual blanks and marks that follow a letter are spelled out.</summary>
    public static string Spelled(string name)
    {
        var written = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            bool isHidden = IsInvisible(rune.Value) || (Rune.IsWhiteSpace(rune) && rune.Value != ' ')
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark;
            written.Append(isHidden ? $"\\u{rune.Value:X4}" : rune.ToString());
        }

        return written.ToString();
    }

    private static string Visible(string name)
    {
        if (!IsChanged(name))
        {
            return name;
        }

        var written = new StringBuilder(name.Length);
        bool isApart = false;
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                isApart = written.Length > 0;
            }
            else if (!IsInvisible(rune.Value))
            {
                written.Append(isApart ? " " : "").Append(rune.ToString());
                isApart = false;
            }
        }

        return written.ToString();
    }

    private static bool IsChanged(string name)
    {
        char before = ' ';
        foreach (char c in name)
        {
            if (c >= '\u007F' || c < ' ' || (c == ' ' && before == ' '))
            {
                return true;
            }

            before = c;
        }

        return before == ' ';
    }

    /// <summary>
    /// Unicode's Default_Ignorable_Code_Point: soft hyphens, zero widths, marks of direction, variation selectors. Tags count, for they
    /// tell the flags of England and Scotland apart; C0 and C1 control characters that are no blanks do not.
    /// </summary>
    private static bool IsInvisible(int point) => point switch
    {
        < 0xAD => point is < ' ' or (>= 0x7F and < 0xA0),
        0xAD or 0x034F or 0x061C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFEFF or 0xFFA0 => true,
        >= 0x180B and <= 0x180F => true,
        >= 0x200B and <= 0x200F => true,
        >= 0x202A and <= 0x202E => true,
        >= 0x2060 and <= 0x206F => true,
        >= 0xFE00 and <= 0xFE0F => true,
        >= 0xFFF0 and <= 0xFFF8 => true,
        >= 0x1BCA0 and <= 0x1BCA3 => true,
        >= 0x1D173 and <= 0x1D17A => true,
        >= 0xE0100 and <= 0xE01EF => true,
        _ => false,
    };
}
