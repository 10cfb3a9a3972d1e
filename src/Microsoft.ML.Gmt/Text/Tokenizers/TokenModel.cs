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

    /// <summary>Appends the tokens of a word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (_cache.TryGet(word, out int[]? known))
        {
            ids.AddRange(known);
            return;
        }

        int[] tokens = Encode(word);
        _cache.Add(word, tokens);
        ids.AddRange(tokens);
    }

    /// <summary>The tokens of a word that was not seen before.</summary>
    protected abstract int[] Encode(ReadOnlySpan<char> word);

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
