using System.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// LLaMA's first tokenizer: a sentencepiece model in <c>tokenizer.model</c>, with special tokens around it as transformers'
/// <c>LlamaTokenizer</c> handles them by default (<c>legacy=True</c>): each text between two special tokens is encoded on its own and gets
/// the dummy prefix.
/// </summary>
internal sealed class SentencePieceTokenizer : TextTokenizer
{
    private readonly SentencePieceModel _model;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly SentencePieceEncoder _encoder;
    private readonly SentencePieceDecoder _decoder;
    private readonly Dictionary<string, AddedToken> _added;
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly AddedTokens _matcher;
    private readonly HashSet<string> _special;
    private readonly HashSet<string> _separated;
    private readonly bool _addBeginOfSequence;
    private readonly bool _addEndOfSequence;

    /// <summary>A tokenizer of a model that is read already.</summary>
    /// <param name="file">The file, for errors.</param>
    /// <param name="model">The model.</param>
    /// <param name="settings">The special tokens.</param>
    public SentencePieceTokenizer(string file, SentencePieceModel model, TokenizerSettings settings)
    {
        _model = model;
        _normalizer = new SentencePieceNormalizer(_model);
        _encoder = new SentencePieceEncoder(_model, file);
        _decoder = new SentencePieceDecoder(_model, _encoder.Ids);
        string begin = settings.BeginOfSequence ?? "<s>";
        string end = settings.EndOfSequence ?? "</s>";
        string unknown = settings.Unknown ?? _model.Pieces[_model.UnknownId].Text;
        _special = [begin, end, unknown, .. settings.AdditionalSpecialTokens];
        if (settings.Pad is { } pad)
        {
            _special.Add(pad);
        }

        _added = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (AddedToken token in settings.AddedTokens)
        {
            _added[token.Content] = token;
        }

        int next = Math.Max(_model.Pieces.Count, settings.AddedTokens.Select(token => token.Id + 1).DefaultIfEmpty().Max());
        foreach (string name in _special)
        {
            if (!_added.ContainsKey(name))
            {
                _added[name] = new AddedToken(_encoder.Ids.TryGetValue(name, out int id) ? id : next++, name, Special: true);
            }
        }

        _addedById = [];
        foreach (AddedToken token in _added.Values)
        {
            _addedById[token.Id] = token;
        }

        VocabularySize = next;
        _matcher = new AddedTokens(_added.Values);
        _separated =
        [
            .. _added.Keys.Where(name => !_special.Contains(name)),
            .. settings.AdditionalSpecialTokens.Where(name => _added[name].Id >= _model.Pieces.Count),
        ];
        BeginOfSequenceId = _added[begin].Id;
        EndOfSequenceId = _added[end].Id;
        UnknownId = _added[unknown].Id;
        PadId = settings.Pad is null ? null : _added[settings.Pad].Id;
        _addBeginOfSequence = settings.AddBeginOfSequence ?? true;
        _addEndOfSequence = settings.AddEndOfSequence ?? false;
        OrdinaryVocabularySize = new[]
        {
            _model.Pieces.Count, _addBeginOfSequence ? BeginOfSequenceId!.Value + 1 : 0, _addEndOfSequence ? EndOfSequenceId!.Value + 1 : 0,
        }.Max();
    }

    /// <inheritdoc/>
    public override Normalizer Normalizer => _normalizer;

    public override int VocabularySize { get; }

    internal override int OrdinaryVocabularySize { get; }

    public override int? BeginOfSequenceId { get; }

    public override int? EndOfSequenceId { get; }

    public override int? PadId { get; }

    public override int? UnknownId { get; }

    public static SentencePieceTokenizer Load(string file, TokenizerSettings settings) =>
        new(file, SentencePieceModel.Read(file), settings);

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<string> texts = [];
        List<string> run = [];
        foreach (int id in ids)
        {
            string? token = TokenOf(id);
            if (token is null || (skipSpecialTokens && _special.Contains(token)))
            {
                continue;
            }

            if (!_separated.Contains(token))
            {
                run.Add(token);
                continue;
            }

            // Words added to the vocabulary stand between spaces.
            if (run.Count > 0 && Join(run) is { Length: > 0 } text)
            {
                texts.Add(text);
            }

            run.Clear();
            texts.Add(token);
        }

        if (run.Count > 0)
        {
            texts.Add(Join(run));
        }

        return string.Join(' ', texts);
    }

    internal override string? TokenOf(int id) =>
        _addedById.TryGetValue(id, out AddedToken? added) ? added.Content
        : id >= 0 && id < _model.Pieces.Count ? _model.Pieces[id].Text
        : null;

    private protected override void Tokenize(string text, EncodeSettings settings, bool addSpecialTokens, TokenList tokens)
    {
        if (addSpecialTokens && _addBeginOfSequence)
        {
            tokens.AddSpecial([BeginOfSequenceId!.Value]);
        }

        foreach (TextPart part in _matcher.Split(text))
        {
            ReadOnlySpan<char> written = text.AsSpan(part.Range);
            if (part.Token is null)
            {
                string normalized = settings.ConsiderNormalization ? _normalizer.Normalize(written) : written.ToString();
                _encoder.Encode(normalized, tokens);
                tokens.Advance(normalized);
                continue;
            }

            if (tokens.TakesMore())
            {
                tokens.Add(part.Token.Id, 0, written.Length);
            }

            tokens.Advance(written);
        }

        if (addSpecialTokens && _addEndOfSequence)
        {
            tokens.AddSpecial([EndOfSequenceId!.Value]);
        }
    }

    // The first token loses its leading space here, and what follows a special token once more in the decoder: as the reference does it.
    private string Join(List<string> tokens)
    {
        if (tokens[0].StartsWith(SentencePieceNormalizer.Space))
        {
            tokens[0] = tokens[0][1..];
        }

        StringBuilder text = new();
        List<string> pieces = [];
        bool afterSpecial = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (!_special.Contains(tokens[i]))
            {
                pieces.Add(tokens[i]);
                afterSpecial = false;
                continue;
            }

            text.Append(!afterSpecial && i != 0 ? " " : "").Append(_decoder.Decode(pieces)).Append(tokens[i]);
            pieces.Clear();
            afterSpecial = true;
        }

        return text.Append(_decoder.Decode(pieces)).ToString();
    }
}
