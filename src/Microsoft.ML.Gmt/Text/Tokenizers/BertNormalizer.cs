using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// BERT's way to clean a text (Devlin et al. 2018): control characters go, white space becomes spaces, Chinese characters stand alone,
/// accents and capitals go where the vocabulary has none.
/// </summary>
internal sealed class BertNormalizer : TextNormalizer
{
    private readonly bool _clean;
    private readonly bool _separateChinese;
    private readonly bool _stripAccents;
    private readonly bool _lowerCase;

    public BertNormalizer(JsonPart part)
    {
        _clean = part["clean_text"].Flag(true);
        _separateChinese = part["handle_chinese_chars"].Flag(true);
        _lowerCase = part["lowercase"].Flag(true);
        _stripAccents = part["strip_accents"].Flag(_lowerCase);
    }

    protected override string Rewrite(string text, long limit)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (_clean && (rune.Value is 0 or 0xFFFD || IsControl(rune)))
            {
                continue;
            }

            bool apart = _separateChinese && IsChinese(rune.Value);
            result.Append(apart ? " " : "").Append(_clean && Rune.IsWhiteSpace(rune) ? " " : rune.ToString()).Append(apart ? " " : "");
        }

        string cleaned = result.ToString();
        string bare = _stripAccents ? StripAccents(cleaned) : cleaned;
        return _lowerCase ? LowerCase(bare) : bare;
    }

    private static string StripAccents(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        foreach (Rune rune in NormalForm.Of(text, NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                result.Append(rune.ToString());
            }
        }

        return result.ToString();
    }

    // Character by character, which string.ToLowerInvariant does not promise beyond U+FFFF.
    private static string LowerCase(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            // The one capital whose small form is two characters.
            result.Append(rune.Value == 0x130 ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString());
        }

        return result.ToString();
    }

    private static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    private static bool IsChinese(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
