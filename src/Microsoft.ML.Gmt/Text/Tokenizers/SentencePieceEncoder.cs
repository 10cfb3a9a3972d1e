using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// Sentencepiece's own encoding (Kudo and Richardson 2018, byte-pair models), which knows no special tokens:
/// the best-scored merge goes first, and characters outside the vocabulary become their UTF-8 bytes.
/// </summary>
internal sealed class SentencePieceEncoder
{
    private readonly SentencePieceModel _model;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly MergeTable _merges;
    private readonly AddedTokens _userDefined;
    private readonly int[]? _byteIds;
    private readonly bool _mergesStayInWords;
    private readonly WordCache _cache = new();

    public SentencePieceEncoder(SentencePieceModel model, string file)
    {
        _model = model;
        for (int id = 0; id < model.Pieces.Count; id++)
        {
            _ids.Add(model.Pieces[id].Text, id);
        }

        _byteIds = model.ByteFallback ? FindBytes(file) : null;
        _userDefined = new AddedTokens(model.Pieces.Select((piece, id) => (piece, id))
            .Where(entry => entry.piece.Kind == PieceKind.UserDefined)
            .Select(entry => new AddedToken(entry.id, entry.piece.Text, Special: false)));
        _merges = BuildMerges();
        _mergesStayInWords = model.Pieces.All(piece =>
            !piece.IsText || piece.Text.AsSpan().TrimStart(SentencePieceNormalizer.Space).IndexOf(SentencePieceNormalizer.Space) < 0);
    }

    /// <summary>The id of each piece.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>Appends the tokens of a text, if there is room.</summary>
    /// <param name="normalized">The text as <see cref="SentencePieceNormalizer"/> writes it.</param>
    /// <param name="tokens">Receives the tokens.</param>
    public void Encode(string normalized, TokenList tokens)
    {
        foreach (TextPart part in _userDefined.Split(normalized))
        {
            (int offset, int length) = part.Range.GetOffsetAndLength(normalized.Length);
            if (part.Token is { } token && tokens.TakesMore())
            {
                tokens.Add(token.Id, offset, offset + length);
                continue;
            }

            for (int end = offset + length; offset < end && tokens.TakesMore(); offset += length)
            {
                ReadOnlySpan<char> rest = normalized.AsSpan(offset..end);
                length = _mergesStayInWords ? WordLength(rest) : rest.Length;
                EncodeWord(rest[..length], offset, tokens);
            }
        }
    }

    // Up to the next space that begins a word: no merge reaches across, so that words can be remembered.
    private static int WordLength(ReadOnlySpan<char> text)
    {
        int body = text.IndexOfAnyExcept(SentencePieceNormalizer.Space);
        int end = body < 0 ? -1 : text[body..].IndexOf(SentencePieceNormalizer.Space);
        return end < 0 ? text.Length : body + end;
    }

    private void EncodeWord(ReadOnlySpan<char> word, int offset, TokenList tokens)
    {
        if (tokens.HasPlaces)
        {
            List<int> ids = [];
            List<Range> places = new(word.Length);
            EncodeWord(word, ids, places);
            for (int i = 0; i < ids.Count; i++)
            {
                tokens.Add(ids[i], offset + places[i].Start.Value, offset + places[i].End.Value);
            }

            return;
        }

        if (_cache.TryGet(word, out int[]? known))
        {
            tokens.Ids.AddRange(known);
            return;
        }

        int first = tokens.Ids.Count;
        EncodeWord(word, tokens.Ids, null);
        _cache.Add(word, CollectionsMarshal.AsSpan(tokens.Ids)[first..]);
    }

    /// <summary>Appends the tokens of a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <param name="places">Receives where each token stands in the word, and is empty before; null where that is not asked for.</param>
    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids, List<Range>? places)
    {
        int[] symbols = new int[word.Length];
        int count = 0;
        int length;
        for (int offset = 0; offset < word.Length; offset += length)
        {
            Rune.DecodeFromUtf16(word[offset..], out Rune rune, out length);
            symbols[count++] = Symbol(rune);
            places?.Add(offset..(offset + length));
        }

        count = _merges.Apply(symbols.AsSpan(0, count), CollectionsMarshal.AsSpan(places));
        int symbolCount = places?.Count ?? 0;
        for (int i = 0; i < count; i++)
        {
            int before = ids.Count;
            AddIds(symbols[i], ids);
            places?.AddRange(Enumerable.Repeat(places[i], ids.Count - before));
        }

        places?.RemoveRange(0, symbolCount);
    }

    private void AddIds(int symbol, List<int> ids)
    {
        if (symbol >= 0 || _byteIds is null)
        {
            ids.Add(symbol >= 0 ? symbol : _model.UnknownId);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (byte part in bytes[..new Rune(~symbol).EncodeToUtf8(bytes)])
        {
            ids.Add(_byteIds[part]);
        }
    }

    // A character that is no piece is a symbol all the same, since a merge may begin with it: its complement.
    private int Symbol(Rune rune) => _ids.TryGetValue(rune.ToString(), out int id) && _model.Pieces[id].IsText ? id : ~rune.Value;

    private int[] FindBytes(string file)
    {
        int[] ids = new int[256];
        for (int value = 0; value < ids.Length; value++)
        {
            string name = $"<0x{value:X2}>";
            ids[value] = _ids.TryGetValue(name, out int id) && _model.Pieces[id].Kind == PieceKind.Byte
                ? id
                : throw new GmtFileException(file, "pieces", $"the model falls back to bytes, but has no byte piece {name}.");
        }

        return ids;
    }

    // The file lists pieces with scores; the merges are all ways to put a piece together from two.
    private MergeTable BuildMerges()
    {
        Dictionary<float, int> ranks = _model.Pieces.Select(piece => piece.Score).Distinct().OrderDescending()
            .Select((score, rank) => (score, rank)).ToDictionary(entry => entry.score, entry => entry.rank);
        MergeTable merges = new(_model.Pieces.Count * 2);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int id = 0; id < _model.Pieces.Count; id++)
        {
            Piece piece = _model.Pieces[id];
            if (!piece.IsText)
            {
                continue;
            }

            for (int split = 1; split < piece.Text.Length; split++)
            {
                if (!char.IsLowSurrogate(piece.Text[split])
                    && Part(piece.Text.AsSpan(0, split), out int left) && Part(piece.Text.AsSpan(split), out int right))
                {
                    merges.Add(left, right, ranks[piece.Score], id);
                }
            }
        }

        return merges;

        bool Part(ReadOnlySpan<char> text, out int symbol)
        {
            if (lookup.TryGetValue(text, out symbol) && _model.Pieces[symbol].IsText)
            {
                return true;
            }

            Rune.DecodeFromUtf16(text, out Rune rune, out int length);
            symbol = ~rune.Value;
            return length == text.Length;
        }
    }
}
