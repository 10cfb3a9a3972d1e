using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <content>What <see cref="Tokenizer"/> asks for, all of it from one way to split a text.</content>
public abstract partial class TextTokenizer
{
    /// <summary>Joins tokens into a text, special tokens left out.</summary>
    /// <param name="ids">Token ids, as for <see cref="Decode(IReadOnlyList{int}, bool)"/>.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    public sealed override string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Decode(ids as IReadOnlyList<int> ?? [.. ids]);
    }

    /// <summary>Joins tokens into a text, special tokens left out, in memory of the caller's.</summary>
    /// <param name="ids">Token ids, as for <see cref="Decode(IReadOnlyList{int}, bool)"/>.</param>
    /// <param name="destination">Receives the text, or of one that does not fit the beginning, up to the end of a token.</param>
    /// <param name="idsConsumed">How many tokens were written.</param>
    /// <param name="charsWritten">How many characters were written.</param>
    /// <returns>Whether the text fits.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    public sealed override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int[] all = [.. ids];
        string whole = Decode(all);
        string fitting = whole;
        idsConsumed = all.Length;
        if (whole.Length > destination.Length)
        {
            (idsConsumed, fitting) = LongestStart(all, whole, destination.Length);
        }

        fitting.CopyTo(destination);
        charsWritten = fitting.Length;
        return idsConsumed == all.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    /// <inheritdoc/>
    protected sealed override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        TokenList tokens = Tokenize(text ?? textSpan.ToString(), settings, withPlaces: true);
        int count = tokens.CountFromStart(settings.MaxTokenCount);
        EncodedToken[] encoded = new EncodedToken[count];
        for (int i = 0; i < count; i++)
        {
            int id = tokens.Ids[i];
            encoded[i] = new EncodedToken(id, tokens.Spellings?[i] ?? TokenOf(id) ?? "", tokens.PlaceOf(i));
        }

        return new EncodeResults<EncodedToken> { Tokens = encoded, NormalizedText = tokens.Text, CharsConsumed = EndOf(tokens, count) };
    }

    /// <inheritdoc/>
    protected sealed override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        // Places are needed only where the text may have to be cut.
        bool all = settings.MaxTokenCount == int.MaxValue;
        TokenList tokens = Tokenize(text ?? textSpan.ToString(), settings, withPlaces: !all);
        int count = all ? tokens.Ids.Count : tokens.CountFromStart(settings.MaxTokenCount);
        int end = EndOf(tokens, count);
        tokens.Ids.RemoveRange(count, tokens.Ids.Count - count);
        return new EncodeResults<int> { Tokens = tokens.Ids, NormalizedText = tokens.Text, CharsConsumed = end };
    }

    /// <inheritdoc/>
    protected sealed override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeToIds(text, textSpan, settings).Tokens.Count;

    /// <inheritdoc/>
    protected sealed override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        int most = settings.MaxTokenCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most, nameof(settings));
        if (fromEnd)
        {
            settings.MaxTokenCount = int.MaxValue;
        }

        TokenList tokens = Tokenize(text ?? textSpan.ToString(), settings, withPlaces: true);
        normalizedText = tokens.Text;
        tokenCount = fromEnd ? tokens.CountFromEnd(most) : tokens.CountFromStart(most);
        return !fromEnd ? EndOf(tokens, tokenCount)
            : tokenCount == tokens.Ids.Count ? 0
            : tokenCount == 0 ? tokens.Length
            : tokens.PlaceOf(tokens.Ids.Count - tokenCount).Start.Value;
    }

    private TokenList Tokenize(string text, EncodeSettings settings, bool withPlaces)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.MaxTokenCount, nameof(settings));
        bool normalizes = settings.ConsiderNormalization && Normalizer is not null;
        TokenList tokens = new(Capacity(text), withPlaces, withText: normalizes, settings.MaxTokenCount);
        Tokenize(WellFormed(text), settings, addSpecialTokens: true, tokens);
        return tokens;
    }

    /// <summary>
    /// Where the first tokens end in the processed text; all of them reach its end, whatever no token stands for included.
    /// </summary>
    private static int EndOf(TokenList tokens, int count) =>
        count == tokens.Ids.Count && !tokens.IsCut ? tokens.Length : count == 0 ? 0 : tokens.PlaceOf(count - 1).End.Value;

    /// <summary>
    /// The most tokens whose text is a beginning of the whole one and fits; found by halving, since texts grow with their tokens.
    /// </summary>
    private (int Count, string Text) LongestStart(int[] ids, string whole, int room)
    {
        (int Count, string Text) best = (0, "");
        int least = 1;
        int most = ids.Length - 1;
        while (least <= most)
        {
            int middle = (least + most) / 2;
            string text = Decode(ids[..middle]);
            if (text.Length <= room && whole.StartsWith(text, StringComparison.Ordinal))
            {
                (best, least) = ((middle, text), middle + 1);
            }
            else
            {
                most = middle - 1;
            }
        }

        return best;
    }
}
