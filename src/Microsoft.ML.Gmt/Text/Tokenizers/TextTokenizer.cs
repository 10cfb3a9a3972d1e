namespace Microsoft.ML.Gmt.Text;

/// <summary>Turns text into the token ids of one language model, and ids back into text.</summary>
/// <remarks>
/// Instances are immutable and may be used by many threads at once. Special tokens that are written out in a text (<c>&lt;s&gt;</c>, say) are
/// recognized there, as the Hugging Face libraries do by default. Unpaired surrogates in a text count as U+FFFD.
/// </remarks>
public abstract class TextTokenizer
{
    /// <summary>The largest token id plus one: the least number of rows that the embedding of the language model must have.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The token that begins a sequence, or null where the model has none.</summary>
    public abstract int? BeginOfSequenceId { get; }

    /// <summary>The token that ends a sequence, at which generation stops, or null where the model has none.</summary>
    public abstract int? EndOfSequenceId { get; }

    /// <summary>The token that pads the shorter sequences of a batch, or null where the model has none.</summary>
    public abstract int? PadId { get; }

    /// <summary>The token that stands for text outside the vocabulary, or null where the model has none.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>Splits a text into tokens.</summary>
    /// <param name="text">The text; it may be empty.</param>
    /// <param name="addSpecialTokens">Whether the tokens are added that the model expects around a text, begin of sequence above all.</param>
    /// <returns>The token ids in order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public abstract IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true);

    /// <summary>Joins tokens into a text.</summary>
    /// <param name="ids">Token ids, in any order: bytes that are not valid UTF-8 come out as U+FFFD, and ids that no token has as nothing.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    public abstract string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true);

    /// <summary>Finds a token by its spelling in the vocabulary, in which a leading space is written <c>Ġ</c> or <c>▁</c>, for instance.</summary>
    /// <param name="token">The spelling.</param>
    /// <param name="id">The token's id, or -1 where there is none.</param>
    /// <returns>Whether the vocabulary has the token.</returns>
    public abstract bool TryGetId(string token, out int id);

    /// <summary>The spelling of a token in the vocabulary.</summary>
    /// <param name="id">A token id.</param>
    /// <returns>The spelling, or null where no token has this id.</returns>
    public abstract string? TokenOf(int id);
}
