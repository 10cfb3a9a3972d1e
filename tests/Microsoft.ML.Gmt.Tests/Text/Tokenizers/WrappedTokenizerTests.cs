using System.Buffers;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class WrappedTokenizerTests
{
    private static readonly string[] Words = ["the theory", "The end.", "then", ""];

    [TestMethod]
    public void The_begin_of_sequence_is_put_once_whoever_puts_it()
    {
        TextTokenizer begins = TokenizerKinds.WrapLlama();            // puts it itself
        TextTokenizer bare = TokenizerKinds.WrapBytePairs();          // does not
        foreach (TextTokenizer tokenizer in new[] { begins, bare })
        {
            foreach (string text in Words)
            {
                IReadOnlyList<int> ids = tokenizer.Encode(text, addSpecialTokens: false);
                Assert.DoesNotContain(tokenizer.BeginOfSequenceId!.Value, ids);
                CollectionAssert.AreEqual((int[])[tokenizer.BeginOfSequenceId!.Value, .. ids], tokenizer.Encode(text).ToArray());
            }
        }

        Assert.AreEqual("<s> the o r y", string.Join(' ', bare.EncodeToTokens("theory", out _).Select(token => token.Value)));
    }

    [TestMethod]
    public void An_end_of_sequence_is_left_to_the_tokenizer()
    {
        using FileStream pieces = File.OpenRead(Path.Combine(Goldens.Root("reference/tokenizer"), "tokenizer.model"));
        LlamaTokenizer inner = LlamaTokenizer.Create(pieces, addEndOfSentence: true);
        TextTokenizer ends = TextTokenizer.From(inner, inner.Vocabulary.Count, inner.BeginningOfSentenceId, inner.EndOfSentenceId);
        int[] bare = [.. ends.Encode("the end", addSpecialTokens: false)];
        CollectionAssert.AreEqual((int[])[1, .. bare, 2], ends.Encode("the end").ToArray());
        CollectionAssert.AreEqual(bare, TokenizerKinds.WrapLlama().Encode("the end", addSpecialTokens: false).ToArray());
        Assert.AreEqual("the end", ends.Decode(ends.Encode("the end")));
    }

    [TestMethod]
    public void A_wrapped_LlamaTokenizer_reads_plain_words_as_the_folder_does()
    {
        TextTokenizer own = TokenizerKinds.Get("sentencepiece"), wrapped = TokenizerKinds.WrapLlama();
        Assert.AreEqual(own.VocabularySize, wrapped.VocabularySize);
        foreach (string text in new[] { "The quick brown fox", "Is this triple true or false?", "1984 😀 é" })
        {
            CollectionAssert.AreEqual(own.Encode(text).ToArray(), wrapped.Encode(text).ToArray());
            Assert.AreEqual(own.Decode(own.Encode(text)), wrapped.Decode(wrapped.Encode(text)));
        }
    }

    [TestMethod]
    public void Special_tokens_and_ids_of_no_token_decode_to_nothing()
    {
        TextTokenizer tokenizer = TokenizerKinds.WrapBytePairs();
        int[] ids = [.. tokenizer.Encode("the", addSpecialTokens: false)];
        Assert.AreEqual("the", tokenizer.Decode([1, 0, -5, .. ids, 2, 1_000_000]));
        Assert.AreEqual("<s>the</s>", tokenizer.Decode([1, .. ids, 2], skipSpecialTokens: false));
        Assert.AreEqual("the", tokenizer.TokenOf(ids[0]));
        Assert.IsNull(tokenizer.TokenOf(-1));
        Assert.IsNull(tokenizer.UnknownId);
    }

    [TestMethod]
    public void Senseless_arguments_are_refused()
    {
        Tokenizer tokenizer = new OneToken(7);
        Assert.ThrowsExactly<ArgumentNullException>(() => TextTokenizer.From(null!, 10));
        Refused(nameof(TextTokenizer.VocabularySize), 0);
        Refused("gives token 7; its vocabulary has 8 tokens at least", 7);
        Refused("from 0 to 9", 10, begin: 10);
        Refused("from 0 to 9", 10, end: -1);
        Refused("from 0 to 9", 10, pad: 10);
        Assert.AreEqual(8, TextTokenizer.From(tokenizer, 8).VocabularySize);

        void Refused(string message, int size, int? begin = null, int? end = null, int? pad = null) => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TextTokenizer.From(tokenizer, size, begin, end, pad)).Message,
            message, StringComparison.OrdinalIgnoreCase);
    }

    [TestMethod]
    public void A_token_beyond_the_vocabulary_is_an_error_when_it_comes()
    {
        TextTokenizer tokenizer = TextTokenizer.From(new OneToken(7, rare: 20), 8);
        CollectionAssert.AreEqual(new[] { 7 }, tokenizer.Encode("a").ToArray());
        string message = Assert.ThrowsExactly<InvalidOperationException>(() => tokenizer.Encode("rare")).Message;
        StringAssert.Contains(message, nameof(OneToken));
        StringAssert.Contains(message, "token 20");
    }

    /// <summary>One token for any text.</summary>
    private sealed class OneToken(int id, int rare = -1) : Tokenizer
    {
        public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten) =>
            throw new NotSupportedException();

        protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
            new() { Tokens = [new EncodedToken(text == "rare" ? rare : id, "one", 0..(text?.Length ?? textSpan.Length))] };
    }
}
