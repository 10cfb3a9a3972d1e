using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <summary>A tokenizer of the user's, with what a language model needs beside it.</summary>
internal sealed class WrappedTokenizer : TextTokenizer
{
    private const string Sample = "a";

    private readonly Tokenizer _inner;
    private readonly bool _innerBegins;   // whether it puts the begin-of-sequence token itself
    private readonly bool _innerEnds;     // and the end-of-sequence token

    private WrappedTokenizer(Tokenizer inner, int vocabularySize, int? beginOfSequenceId, int? endOfSequenceId, int? padId)
    {
        (_inner, VocabularySize) = (inner, vocabularySize);
        (BeginOfSequenceId, EndOfSequenceId, PadId) = (beginOfSequenceId, endOfSequenceId, padId);
        IReadOnlyList<EncodedToken> sample = inner.EncodeToTokens(Sample, out _);
        _innerBegins = sample.Count > 0 && sample[0].Id == beginOfSequenceId && IsEmpty(sample[0]);
        _innerEnds = sample.Count > 1 && sample[^1].Id == endOfSequenceId && IsEmpty(sample[^1]);
    }

    public override int VocabularySize { get; }

    public override int? BeginOfSequenceId { get; }

    public override int? EndOfSequenceId { get; }

    public override int? PadId { get; }

    /// <summary>Null: a tokenizer does not tell.</summary>
    public override int? UnknownId => null;

    /// <inheritdoc/>
    public override Normalizer? Normalizer => _inner.Normalizer;

    /// <inheritdoc/>
    public override PreTokenizer? PreTokenizer => _inner.PreTokenizer;

    internal override string TypeName => _inner is TextTokenizer own ? own.TypeName : _inner.GetType().FullName ?? _inner.GetType().Name;

    /// <summary>Checks the arguments of <see cref="TextTokenizer.From"/> and wraps the tokenizer.</summary>
    public static WrappedTokenizer Create(Tokenizer tokenizer, int vocabularySize, int? beginOfSequenceId, int? endOfSequenceId, int? padId)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabularySize);
        Check(beginOfSequenceId, nameof(beginOfSequenceId));
        Check(endOfSequenceId, nameof(endOfSequenceId));
        Check(padId, nameof(padId));
        int largest = ProbeTexts.All.Max(text => tokenizer.EncodeToIds(WellFormed(text)).DefaultIfEmpty().Max());
        if (largest >= vocabularySize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(vocabularySize),
                vocabularySize,
                $"The tokenizer gives token {largest}; its vocabulary has {largest + 1} tokens at least.");
        }

        return new WrappedTokenizer(tokenizer, vocabularySize, beginOfSequenceId, endOfSequenceId, padId);

        void Check(int? id, string name)
        {
            if (id is { } given && (given < 0 || given >= vocabularySize))
            {
                throw new ArgumentOutOfRangeException(name, given, $"A token id is from 0 to {vocabularySize - 1}, the vocabulary's last.");
            }
        }
    }

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return _inner.Decode(ids.Where(id => id >= 0 && id < VocabularySize && !(skipSpecialTokens && IsSpecial(id)))) ?? "";
    }

    internal override string? TokenOf(int id) => id >= 0 && id < VocabularySize ? _inner.Decode([id]) : null;

    private protected override void Tokenize(string text, EncodeSettings settings, bool addSpecialTokens, TokenList tokens)
    {
        (bool words, bool normalizes) = (settings.ConsiderPreTokenization, settings.ConsiderNormalization);
        string? normalized = null;
        IReadOnlyList<EncodedToken>? placed = tokens.HasPlaces ? _inner.EncodeToTokens(text, out normalized, words, normalizes) : null;
        IReadOnlyList<int> ids = placed is not null ? [.. placed.Select(token => token.Id)]
            : _inner.EncodeToIds(text, int.MaxValue, out normalized, out _, words, normalizes);

        // What the tokenizer itself puts around a text; an empty text may have nothing around it.
        bool begins = _innerBegins && ids.Count > 0 && ids[0] == BeginOfSequenceId;
        bool ends = _innerEnds && ids.Count > (begins ? 1 : 0) && ids[^1] == EndOfSequenceId;
        tokens.Spellings = placed is null ? null : [];
        if (addSpecialTokens && BeginOfSequenceId is { } begin)
        {
            AddSpecial(tokens, begin, begins ? placed?[0].Value : null);
        }

        for (int i = begins ? 1 : 0; i < ids.Count - (ends ? 1 : 0); i++)
        {
            Check(ids[i]);
            tokens.Add(ids[i], placed?[i].Offset.Start.Value ?? 0, placed?[i].Offset.End.Value ?? 0);
            tokens.Spellings?.Add(placed![i].Value);
        }

        tokens.Advance(normalized ?? text);
        if (addSpecialTokens && ends)
        {
            AddSpecial(tokens, ids[^1], placed?[^1].Value);
        }
    }

    private static bool IsEmpty(EncodedToken token) => token.Offset.Start.Equals(token.Offset.End);

    private void AddSpecial(TokenList tokens, int id, string? spelling)
    {
        int before = tokens.Ids.Count;
        tokens.AddSpecial([id]);
        tokens.Spellings?.AddRange(Enumerable.Repeat(spelling ?? TokenOf(id) ?? "", tokens.Ids.Count - before));
    }

    private bool IsSpecial(int id) => id == BeginOfSequenceId || id == EndOfSequenceId || id == PadId;

    private void Check(int id)
    {
        if (id < 0 || id >= VocabularySize)
        {
            throw new InvalidOperationException(
                $"The tokenizer, a {TypeName}, gives token {id}, but {nameof(TextTokenizer)}.{nameof(From)} was told that its "
                + $"vocabulary has {VocabularySize} tokens.");
        }
    }
}
