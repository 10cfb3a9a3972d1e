using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Finds the tokens of a word: the <c>model</c> of <c>tokenizer.json</c>.</summary>
internal abstract class TokenModel
{
    private readonly WordCache _cache = new();

    /// <summary>The vocabulary.</summary>
    public abstract IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>The token of what has no other, or null.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>Reads a model.</summary>
    /// <param name="part">The element <c>model</c>.</param>
    /// <param name="usesBytes">Whether the vocabulary is in <see cref="ByteLevelAlphabet"/>'s spelling.</param>
    public static TokenModel Read(JsonPart part, bool usesBytes) => Kind(part) switch
    {
        "WordPiece" => new WordPieceModel(part),
        _ => new BytePairModel(part, usesBytes),
    };

    /// <summary>Refuses kinds of models that are not supported.</summary>
    public static void CheckKind(JsonPart part)
    {
        if (Kind(part) is not ("BPE" or "WordPiece"))
        {
            throw part["type"].Fault($"a model of type '{GmtFileException.Shorten(Kind(part))}' is not supported; BPE and WordPiece are.");
        }
    }

    /// <summary>Appends the tokens of a word, if there is room.</summary>
    public void Encode(Word word, TokenList tokens)
    {
        if (!tokens.TakesMore())
        {
            return;
        }

        ReadOnlySpan<char> text = word.Text.Span;
        if (tokens.HasPlaces)
        {
            List<Range> places = new(text.Length);
            int[] ids = Encode(text, places);
            for (int i = 0; i < ids.Length; i++)
            {
                tokens.Add(ids[i], word.Place(places[i].Start.Value), word.Place(places[i].End.Value));
            }

            return;
        }

        if (!_cache.TryGet(text, out int[]? known))
        {
            known = Encode(text, null);
            _cache.Add(text, known);
        }

        tokens.Ids.AddRange(known);
    }

    /// <summary>The tokens of a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="places">Receives where each token stands in the word; null where that is not asked for.</param>
    protected abstract int[] Encode(ReadOnlySpan<char> word, List<Range>? places);

    /// <summary>Reads an object of tokens with their ids.</summary>
    protected static Dictionary<string, int> ReadVocabulary(JsonPart part)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, JsonPart> token in part.Required().Properties())
        {
            ids[token.Key] = token.Value.TokenId();
        }

        return ids;
    }

    // The oldest files leave out the type of a byte-pair encoding.
    private static string Kind(JsonPart part) => part["type"].TextOrNull() ?? "BPE";
}
