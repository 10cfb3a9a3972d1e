using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// BERT's word pieces (Schuster and Nakajima 2012): the longest piece that begins the word, then the longest one that goes on, whose
/// spelling begins with <c>##</c>. A word that cannot be put together is unknown as a whole.
/// </summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly Dictionary<string, int> _ids;
    private readonly string _prefix;
    private readonly int _longestWord;
    private readonly int _longestPiece;
    private readonly int _unknownId;

    public WordPieceModel(JsonPart part)
    {
        _ids = ReadVocabulary(part["vocab"]);
        _prefix = part["continuing_subword_prefix"].TextOrNull() ?? "##";
        _longestWord = part["max_input_chars_per_word"].IsNull ? 100 : part["max_input_chars_per_word"].TokenId();
        _longestPiece = _ids.Keys.Select(token => token.Length).DefaultIfEmpty().Max();
        string unknown = part["unk_token"].TextOrNull() ?? "[UNK]";
        _unknownId = _ids.TryGetValue(unknown, out int id)
            ? id
            : throw part["unk_token"].Fault($"'{GmtFileException.Shorten(unknown)}' is not in the vocabulary.");
    }

    public override IReadOnlyDictionary<string, int> Ids => _ids;

    public override int? UnknownId => _unknownId;

    protected override int[] Encode(ReadOnlySpan<char> word, List<Range>? places)
    {
        // The limit counts code points: low surrogates are second halves.
        if (word.Length - CountLowSurrogates(word) > _longestWord)
        {
            return Unknown(word.Length, places);
        }

        List<int> tokens = [];
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> piece = new char[_prefix.Length + Math.Min(word.Length, _longestPiece)];
        _prefix.CopyTo(piece);
        int whole = word.Length;
        while (word.Length > 0)
        {
            int marks = tokens.Count == 0 ? 0 : _prefix.Length;
            int length = Math.Min(word.Length, _longestPiece);
            int id = -1;
            for (; length > 0; length--)
            {
                word[..length].CopyTo(piece[_prefix.Length..]);
                if (lookup.TryGetValue(piece.Slice(_prefix.Length - marks, marks + length), out id))
                {
                    break;
                }
            }

            if (length == 0)
            {
                return Unknown(whole, places);
            }

            tokens.Add(id);
            places?.Add((whole - word.Length)..(whole - word.Length + length));
            word = word[length..];
        }

        return [.. tokens];
    }

    private int[] Unknown(int length, List<Range>? places)
    {
        places?.Clear();
        places?.Add(0..length);
        return [_unknownId];
    }

    private static int CountLowSurrogates(ReadOnlySpan<char> word)
    {
        int count = 0;
        foreach (char character in word)
        {
            count += char.IsLowSurrogate(character) ? 1 : 0;
        }

        return count;
    }
}
