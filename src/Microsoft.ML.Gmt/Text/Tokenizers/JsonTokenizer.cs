using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// A tokenizer from Hugging Face's <c>tokenizer.json</c>: added tokens are found first, the text between them is normalized, split into
/// words, each word into tokens of the vocabulary, and special tokens are put around the result.
/// </summary>
/// <remarks>Truncation and padding that the file may carry are left to those who make batches.</remarks>
internal sealed class JsonTokenizer : TextTokenizer
{
    private readonly AddedTokens _written;
    private readonly AddedTokens _normalized;
    private readonly TextNormalizer? _normalizer;
    private readonly WordSplitter? _splitter;
    private readonly TokenModel _model;
    private readonly SequenceTemplate _template;
    private readonly TokenDecoder? _decoder;
    private readonly Dictionary<int, string> _tokens = [];
    private readonly Dictionary<string, int> _addedIds = new(StringComparer.Ordinal);
    private readonly HashSet<int> _specialIds = [];

    /// <summary>A tokenizer of a file that is read already.</summary>
    public JsonTokenizer(JsonPart root, TokenizerSettings settings)
    {
        TokenModel.CheckKind(root["model"]);
        _normalizer = TextNormalizer.Read(root["normalizer"]);
        _splitter = WordSplitter.Read(root["pre_tokenizer"]);
        _model = TokenModel.Read(root["model"], _splitter?.UsesBytes ?? false);
        _decoder = TokenDecoder.Read(root["decoder"]);
        SequenceTemplate template = SequenceTemplate.Read(root["post_processor"]);
        AddedToken[] added = [.. root["added_tokens"].Items().Select(item => TokenizerSettings.ReadAddedToken(item["id"].TokenId(), item))];
        _written = new AddedTokens(added.Where(token => !token.Normalized));
        _normalized = new AddedTokens(added.Where(token => token.Normalized)
            .Select(token => token with { Content = _normalizer?.Normalize(token.Content) ?? token.Content }));
        foreach (AddedToken token in added)
        {
            _addedIds[token.Content] = token.Id;
        }

        _template = settings.ReplacesTemplate ? template.Replaced(settings, Find) : template;
        IEnumerable<int> ids = [.. _model.Ids.Values, .. added.Select(token => token.Id), .. _template.Before, .. _template.After];
        VocabularySize = ids.DefaultIfEmpty(-1).Max() + 1;
        HashSet<int> addedIds = [.. added.Select(token => token.Id)];
        OrdinaryVocabularySize = _model.Ids.Values.Where(id => !addedIds.Contains(id)).Concat(_template.Before).Concat(_template.After)
            .DefaultIfEmpty(-1).Max() + 1;
        foreach (KeyValuePair<string, int> token in _model.Ids)
        {
            _tokens[token.Value] = token.Key;
        }

        foreach (AddedToken token in added)
        {
            _tokens[token.Id] = token.Content;
            if (token.Special)
            {
                _specialIds.Add(token.Id);
            }
        }

        BeginOfSequenceId = Find(settings.BeginOfSequence);
        EndOfSequenceId = Find(settings.EndOfSequence);
        PadId = Find(settings.Pad);
        UnknownId = _model.UnknownId ?? Find(settings.Unknown);
    }

    /// <inheritdoc/>
    public override Normalizer? Normalizer => _normalizer;

    /// <inheritdoc/>
    public override PreTokenizer? PreTokenizer => _splitter;

    public override int VocabularySize { get; }

    internal override int OrdinaryVocabularySize { get; }

    public override int? BeginOfSequenceId { get; }

    public override int? EndOfSequenceId { get; }

    public override int? PadId { get; }

    public override int? UnknownId { get; }

    public static JsonTokenizer Load(string file, TokenizerSettings settings) => new(JsonPart.ReadObject(file), settings);

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        List<string> parts = new(ids.Count);
        foreach (int id in ids)
        {
            if (TokenOf(id) is { } token && !(skipSpecialTokens && _specialIds.Contains(id)))
            {
                parts.Add(token);
            }
        }

        return _decoder is null ? string.Join(' ', parts) : string.Concat(_decoder.Apply(parts));
    }

    /// <summary>Finds a token by its spelling in the vocabulary; -1 where there is none.</summary>
    public bool TryGetId(string token, out int id)
    {
        ArgumentNullException.ThrowIfNull(token);
        bool found = _addedIds.TryGetValue(token, out id) || _model.Ids.TryGetValue(token, out id);
        id = found ? id : -1;
        return found;
    }

    internal override string? TokenOf(int id) => _tokens.GetValueOrDefault(id);

    private protected override void Tokenize(string text, EncodeSettings settings, bool addSpecialTokens, TokenList tokens)
    {
        tokens.AddSpecial(addSpecialTokens ? _template.Before : []);
        foreach (TextPart part in _written.Split(text))
        {
            string written = text[part.Range];
            if (part.Token is null)
            {
                string normalized = settings.ConsiderNormalization ? _normalizer?.Normalize(written) ?? written : written;
                EncodeNormalized(normalized, settings.ConsiderPreTokenization, tokens);
                tokens.Advance(normalized);
                continue;
            }

            if (tokens.TakesMore())
            {
                tokens.Add(part.Token.Id, 0, written.Length);
            }

            tokens.Advance(written);
        }

        tokens.AddSpecial(addSpecialTokens ? _template.After : []);
    }

    private void EncodeNormalized(string text, bool splitsWords, TokenList tokens)
    {
        List<Word> words = [];
        foreach (TextPart part in _normalized.Split(text))
        {
            (int start, int length) = part.Range.GetOffsetAndLength(text.Length);
            if (!tokens.TakesMore())
            {
                return;
            }

            if (part.Token is { } token)
            {
                tokens.Add(token.Id, start, start + length);
                continue;
            }

            words.Clear();
            Word piece = new(text.AsMemory(start, length), start);
            if (_splitter is null || !splitsWords)
            {
                words.Add(piece);
            }
            else
            {
                _splitter.Split(piece, words);
            }

            foreach (Word word in words)
            {
                _model.Encode(word, tokens);
            }
        }
    }

    private int? Find(string? token) => token is not null && TryGetId(token, out int id) ? id : null;
}
