using System.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// Turns text into the token ids of one language model, and ids back into text: ML.NET's tokenizer, and what a language model needs beside
/// it.
/// </summary>
/// <remarks>
/// <para>Instances are immutable and may be used by many threads at once. Special tokens that are written out in a text (<c>&lt;s&gt;</c>,
/// say) are recognized there, as the Hugging Face libraries do by default. Unpaired surrogates in a text count as U+FFFD.</para>
/// <para>The methods of <see cref="Tokenizer"/> give the special tokens too that the model expects around a text, as <see cref="Encode"/>
/// does; they stand for no text, so their offsets are empty ranges. Offsets are those of the normalized text where there is one, else those
/// of the text itself. Tokens that are parts of one character all have the offsets of that character, and a limit on the number of tokens
/// never separates them.</para>
/// <para><see cref="TokenizerFolder"/> loads the tokenizer of a model folder; <see cref="From"/> wraps any other.</para>
/// </remarks>
public abstract partial class TextTokenizer : Tokenizer
{
    private static readonly EncodeSettings Everything = new() { ConsiderNormalization = true, ConsiderPreTokenization = true };

    private protected TextTokenizer()
    {
    }

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

    /// <summary>
    /// The largest id plus one of the tokens that any text may have: those of the vocabulary, and those that are put around texts. Tokens
    /// added later, such as a padding token of one's own, may lie beyond, and occur only where a text spells them out.
    /// </summary>
    internal virtual int OrdinaryVocabularySize => VocabularySize;

    /// <summary>The type that is recorded where a model was made with this tokenizer.</summary>
    internal virtual string TypeName => typeof(TextTokenizer).FullName!;

    /// <summary>Wraps a tokenizer of one's own, so that a language model can be used with it.</summary>
    /// <param name="tokenizer">The tokenizer; any number of threads must be able to use it.</param>
    /// <param name="vocabularySize">Its largest token id plus one.</param>
    /// <param name="beginOfSequenceId">
    /// The token that the model expects before each text: it is put there where the tokenizer does not do so itself. Null for none.
    /// </param>
    /// <param name="endOfSequenceId">
    /// The token at which generation stops; null for none. It is put behind a text only if the tokenizer does so.
    /// </param>
    /// <param name="padId">The token that pads shorter sequences; null for none.</param>
    /// <returns>The wrapped tokenizer.</returns>
    /// <remarks>
    /// A saved model cannot hold it. It records the tokenizer's type and a hash of what it makes of some texts, and is given the tokenizer
    /// again by <c>ml.Model.BindTokenizer</c> after it was loaded.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="tokenizer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="vocabularySize"/> is not positive, or an id is not below it, one that the tokenizer gives included.
    /// </exception>
    /// <example>
    /// <code>
    /// using Stream pieces = File.OpenRead("my-llama/tokenizer.model");
    /// TextTokenizer tokenizer = TextTokenizer.From(
    ///     LlamaTokenizer.Create(pieces), vocabularySize: 32000, beginOfSequenceId: 1, endOfSequenceId: 2, padId: 0);
    /// </code>
    /// </example>
    public static TextTokenizer From(
        Tokenizer tokenizer, int vocabularySize, int? beginOfSequenceId = null, int? endOfSequenceId = null, int? padId = null) =>
        WrappedTokenizer.Create(tokenizer, vocabularySize, beginOfSequenceId, endOfSequenceId, padId);

    /// <summary>Splits a text into tokens.</summary>
    /// <param name="text">The text; it may be empty.</param>
    /// <param name="addSpecialTokens">
    /// Whether the tokens are added that the model expects around a text, begin of sequence above all.
    /// </param>
    /// <returns>The token ids in order.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        TokenList tokens = new(Capacity(text));
        Tokenize(WellFormed(text), Everything, addSpecialTokens, tokens);
        return tokens.Ids;
    }

    /// <summary>Joins tokens into a text.</summary>
    /// <param name="ids">
    /// Token ids, in any order: bytes that are not valid UTF-8 come out as U+FFFD, and ids that no token has as nothing.
    /// </param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    public abstract string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true);

    /// <summary>
    /// The spelling of a token in the vocabulary, in which a leading space is written <c>Ġ</c> or <c>▁</c>, for instance.
    /// </summary>
    /// <param name="id">A token id.</param>
    /// <returns>The spelling, or null where no token has this id.</returns>
    internal abstract string? TokenOf(int id);

    /// <summary>Splits a text into tokens.</summary>
    /// <param name="text">The text, without unpaired surrogates.</param>
    /// <param name="settings">Whether it is normalized and split into words.</param>
    /// <param name="addSpecialTokens">Whether the tokens are added that the model expects around a text.</param>
    /// <param name="tokens">Receives the tokens.</param>
    private protected abstract void Tokenize(string text, EncodeSettings settings, bool addSpecialTokens, TokenList tokens);

    /// <summary>A text without unpaired surrogates, which many normalizers refuse: each becomes U+FFFD, which is as long.</summary>
    private protected static string WellFormed(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    // English has three to four characters a token.
    private static int Capacity(string text) => (text.Length / 3) + 2;
}
