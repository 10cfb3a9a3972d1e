using System.Buffers;
using System.Globalization;

namespace Microsoft.ML.Gmt.Text;

/// <summary>A token that is recognized in a text before the text is split: special tokens, and words added to a vocabulary later.</summary>
/// <param name="Id">The token id.</param>
/// <param name="Content">Its spelling.</param>
/// <param name="Special">Whether decoding can leave it out.</param>
/// <param name="SingleWord">Whether it counts only where no word character stands beside it.</param>
/// <param name="StripLeft">Whether it swallows the white space before it.</param>
/// <param name="StripRight">Whether it swallows the white space after it.</param>
/// <param name="Normalized">Whether it is looked for in the normalized text rather than in the text as written.</param>
internal sealed record AddedToken(
    int Id,
    string Content,
    bool Special,
    bool SingleWord = false,
    bool StripLeft = false,
    bool StripRight = false,
    bool Normalized = false);

/// <summary>A part of a text: an added token, or (<see cref="Token"/> null) text that is still to be split.</summary>
internal readonly record struct TextPart(Range Range, AddedToken? Token);

/// <summary>Finds added tokens in a text: leftmost first, of several at one place the longest.</summary>
internal sealed class AddedTokens
{
    private readonly SearchValues<string> _contents;
    private readonly AddedToken[] _longestFirst;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _longestFirst = [.. tokens.Where(token => token.Content.Length > 0).OrderByDescending(token => token.Content.Length)];
        _contents = SearchValues.Create([.. _longestFirst.Select(token => token.Content)], StringComparison.Ordinal);
    }

    /// <summary>The parts of a text in order; empty texts between tokens are left out.</summary>
    public List<TextPart> Split(ReadOnlySpan<char> text)
    {
        List<TextPart> parts = [];
        int done = 0;      // all before belongs to a part
        int search = 0;
        while (_longestFirst.Length > 0 && search < text.Length)
        {
            int offset = text[search..].IndexOfAny(_contents);
            if (offset < 0)
            {
                break;
            }

            int start = search + offset;
            AddedToken token = LongestAt(text[start..]);
            int end = search = start + token.Content.Length;
            if (token.SingleWord && ((start > 0 && IsWord(text[start - 1])) || (end < text.Length && IsWord(text[end]))))
            {
                continue;
            }

            while (token.StripLeft && start > done && char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }

            while (token.StripRight && end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (start > done)
            {
                parts.Add(new TextPart(done..start, null));
            }

            parts.Add(new TextPart(Math.Max(start, done)..end, token));
            done = end;
            search = Math.Max(search, end);
        }

        if (done < text.Length)
        {
            parts.Add(new TextPart(done..text.Length, null));
        }

        return parts;
    }

    private AddedToken LongestAt(ReadOnlySpan<char> text)
    {
        foreach (AddedToken token in _longestFirst)
        {
            if (text.StartsWith(token.Content, StringComparison.Ordinal))
            {
                return token;
            }
        }

        throw new InvalidOperationException("The search found a token that is not there.");
    }

    private static bool IsWord(char character) =>
        char.IsLetterOrDigit(character) || char.GetUnicodeCategory(character) is UnicodeCategory.ConnectorPunctuation
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
