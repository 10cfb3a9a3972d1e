using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// A regular expression over code points. .NET's own works on UTF-16 units, where a letter beyond U+FFFF is two surrogates and no letter:
/// such a character is therefore shown to it as another character of its category.
/// </summary>
internal sealed class CodePointRegex
{
    // Compiling takes milliseconds, and the same few patterns come again with every tokenizer that is loaded.
    private const int MostKept = 32;

    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    // For each match: the pattern is from outside and may backtrack without end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Regex _regex;
    private readonly string _pattern;

    /// <exception cref="ArgumentException">.NET does not understand the pattern.</exception>
    public CodePointRegex(string pattern)
    {
        _pattern = pattern;
        _regex = Compiled.TryGetValue(pattern, out Regex? compiled) ? compiled : Compile(pattern);
    }

    private static Regex Compile(string pattern)
    {
        Regex compiled = new(pattern, RegexOptions.CultureInvariant | RegexOptions.Compiled, Patience);
        return Compiled.Count < MostKept ? Compiled.GetOrAdd(pattern, compiled) : compiled;
    }

    /// <summary>The matches in a text, in order, as ranges of UTF-16 units.</summary>
    /// <exception cref="GmtFileException">The pattern takes too long on this text.</exception>
    public List<Range> Matches(ReadOnlySpan<char> text)
    {
        try
        {
            return Find(text);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new GmtFileException(
                $"The tokenizer's pattern '{GmtFileException.Shorten(_pattern)}' takes more than {Patience.TotalSeconds:F0} seconds "
                + $"on a text of {text.Length} characters; it backtracks without end.",
                error);
        }
    }

    private List<Range> Find(ReadOnlySpan<char> text)
    {
        List<Range> matches = new(text.Length / 4);
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            foreach (ValueMatch match in _regex.EnumerateMatches(text))
            {
                matches.Add(match.Index..(match.Index + match.Length));
            }

            return matches;
        }

        char[] shown = new char[text.Length];
        int[] offsets = new int[text.Length + 1];   // of each code point in UTF-16 units
        int count = 0;
        int offset = 0;
        while (offset < text.Length)
        {
            Rune.DecodeFromUtf16(text[offset..], out Rune rune, out int length);
            shown[count] = rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune));
            offset += length;
            offsets[++count] = offset;
        }

        foreach (ValueMatch match in _regex.EnumerateMatches(shown.AsSpan(0, count)))
        {
            matches.Add(offsets[match.Index]..offsets[match.Index + match.Length]);
        }

        return matches;
    }

    // None of them is ASCII, so that no literal of a pattern names it.
    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u0100',
        UnicodeCategory.LowercaseLetter => '\u0101',
        UnicodeCategory.TitlecaseLetter => '\u01C5',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u05D0',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u20DD',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u16EE',
        UnicodeCategory.OtherNumber => '\u00B2',
        UnicodeCategory.ConnectorPunctuation => '\u203F',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.OpenPunctuation => '\u2045',
        UnicodeCategory.ClosePunctuation => '\u2046',
        UnicodeCategory.InitialQuotePunctuation => '\u00AB',
        UnicodeCategory.FinalQuotePunctuation => '\u00BB',
        UnicodeCategory.OtherPunctuation => '\u00A1',
        UnicodeCategory.MathSymbol => '\u00AC',
        UnicodeCategory.CurrencySymbol => '\u00A2',
        UnicodeCategory.ModifierSymbol => '\u00A8',
        UnicodeCategory.OtherSymbol => '\u00A9',
        UnicodeCategory.Format => '\u00AD',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378',   // unassigned
    };
}
