using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// Sentencepiece's own encoding (Kudo and Richardson 2018, byte-pair models), which knows no special tokens:
/// spaces become <c>▁</c>, the best-scored merge goes first, and characters outside the vocabulary become their UTF-8 bytes.
/// </summary>
internal sealed class SentencePieceEncoder
{
    private const char Space = '\u2581';

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
        _userDefined = new AddedTokens(model.Pieces.Select((piece, id) => (piece, id)).Where(entry => entry.piece.Kind == PieceKind.UserDefined)
            .Select(entry => new AddedToken(entry.id, entry.piece.Text, Special: false)));
        _merges = BuildMerges();
        _mergesStayInWords = model.Pieces.All(piece => !piece.IsText || piece.Text.AsSpan().TrimStart(Space).IndexOf(Space) < 0);
    }

    /// <summary>The id of each piece.</summary>
    public IReadOnlyDictionary<string, int> Ids => _ids;

    /// <summary>Appends the ids of a text.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        string normalized = Normalize(text);
        foreach (TextPart part in _userDefined.Split(normalized))
        {
            if (part.Token is { } token)
            {
                ids.Add(token.Id);
                continue;
            }

            ReadOnlySpan<char> rest = normalized.AsSpan(part.Range);
            while (rest.Length > 0)
            {
                int length = _mergesStayInWords ? WordLength(rest) : rest.Length;
                EncodeWord(rest[..length], ids);
                rest = rest[length..];
            }
        }
    }

    private string Normalize(ReadOnlySpan<char> text)
    {
        StringBuilder result = new(text.Length + 1);
        foreach (char character in _model.RemoveExtraWhitespaces ? text.Trim(' ') : text)
        {
            bool extra = _model.RemoveExtraWhitespaces && character == ' ' && result.Length > 0 && result[^1] == ' ';
            if (!extra)
            {
                result.Append(character);
            }
        }

        if (result.Length > 0 && _model.AddDummyPrefix)
        {
            result.Insert(_model.WhitespaceIsSuffix ? result.Length : 0, ' ');
        }

        return (_model.EscapeWhitespaces ? result.Replace(' ', Space) : result).ToString();
    }

    // Up to the next space that begins a word: no merge reaches across, so that words can be remembered.
    private static int WordLength(ReadOnlySpan<char> text)
    {
        int body = text.IndexOfAnyExcept(Space);
        int end = body < 0 ? -1 : text[body..].IndexOf(Space);
        return end < 0 ? text.Length : body + end;
    }

    private void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_cache.TryGet(word, out int[]? known))
        {
            ids.AddRange(known);
            return;
        }

        int[] symbols = new int[word.Length];
        int count = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            symbols[count++] = Symbol(rune);
        }

        int first = ids.Count;
        foreach (int symbol in symbols.AsSpan(0, _merges.Apply(symbols.AsSpan(0, count))))
        {
            if (symbol >= 0)
            {
                ids.Add(symbol);
            }
            else
            {
                AddUnknown(new Rune(~symbol), ids);
            }
        }

        _cache.Add(word, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[first..]);
    }

    private void AddUnknown(Rune rune, List<int> ids)
    {
        if (_byteIds is null)
        {
            ids.Add(_model.UnknownId);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        foreach (byte part in bytes[..rune.EncodeToUtf8(bytes)])
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
