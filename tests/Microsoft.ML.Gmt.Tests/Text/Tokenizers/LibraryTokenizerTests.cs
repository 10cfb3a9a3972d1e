using Benchmarks;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>
/// Why our own code finds the tokens, and not ML.NET's classes: a text for each reason in <c>docs/tokenizers.md</c>. Where a later version
/// of Microsoft.ML.Tokenizers makes one of these tests fail, strike the reason there; a kind without reasons can go to ML.NET's class.
/// </summary>
[TestClass]
public sealed class LibraryTokenizerTests
{
    private const string Agrees =
        "ML.NET gives what we give by now: strike the reason from docs/tokenizers.md, and compare again with './build.sh bench tokenizers'";

    private static readonly Lazy<TokenizerPair> Bert = new(
        () => LibraryTokenizers.Bert("", Goldens.RealModel("all-minilm-l6-v2")));
    private static readonly Lazy<TokenizerPair> WordPieces = new(
        () => LibraryTokenizers.WordPieces("", Goldens.RealModel("all-minilm-l6-v2")));
    private static readonly Lazy<TokenizerPair> Llama = new(
        () => LibraryTokenizers.Llama("", Goldens.Root("llm/tokenizers/llama-spm-bpe")));

    [TestMethod]
    [DataRow(">", DisplayName = "signs that Unicode counts as symbols vanish")]
    [DataRow("😀", DisplayName = "so does what is neither letter nor punctuation, where it is unknown")]
    [DataRow("½", DisplayName = "and where it is known")]
    [DataRow("e_", DisplayName = "an underscore belongs to the word")]
    [DataRow("e\u200Dh", DisplayName = "invisible characters part words")]
    [DataRow("축", DisplayName = "Hangul is composed again")]
    [DataRow("\uFFFE", DisplayName = "U+FFFE is an exception")]
    public void BertTokenizer_still_splits_words_otherwise(string text) => Assert.IsNotNull(Bert.Value.DifferenceOn(text), Agrees);

    [TestMethod]
    public void WordPieceTokenizer_still_decodes_otherwise()
    {
        Assert.IsNotNull(WordPieces.Value.DifferenceOn("e'"), Agrees);
        int continued = Enumerable.Range(0, WordPieces.Value.Ours.VocabularySize)
            .First(id => WordPieces.Value.Ours.TokenOf(id)!.StartsWith("##", StringComparison.Ordinal));
        Assert.IsNotNull(WordPieces.Value.DifferenceOn([continued]), Agrees);
    }

    [TestMethod]
    [DataRow("bbbb", DisplayName = "of equal merges the rightmost goes first")]
    [DataRow(" ", DisplayName = "a space at the beginning stays in decoded text")]
    public void LlamaTokenizer_still_merges_and_decodes_otherwise(string text) => Assert.IsNotNull(Llama.Value.DifferenceOn(text), Agrees);

    [TestMethod]
    public void LlamaTokenizer_still_loses_the_space_after_bytes_at_the_beginning()
    {
        int word = Llama.Value.Ours.Encode("a", addSpecialTokens: false)[0];
        const int Byte = 5;    // <0x02>
        Assert.IsNotNull(Llama.Value.DifferenceOn([Byte, word]), Agrees);
    }

    [TestMethod]
    [DataRow("smollm2", "  𝟾", DisplayName = "digits beyond U+FFFF")]
    [DataRow("llama3-bpe", "𠀀-m", DisplayName = "letters beyond U+FFFF")]
    public void Regular_expressions_of_RegexPreTokenizer_still_see_half_characters(string name, string text) =>
        Assert.IsNotNull(LibraryTokenizers.BytePairs("", Goldens.Root($"llm/tokenizers/{name}")).DifferenceOn(text), Agrees);

    [TestMethod]
    public void BpeTokenizer_still_merges_words_that_are_tokens_as_a_whole()
    {
        string folder = Goldens.Root("llm/tokenizers/llama3-bpe");
        Assert.IsNotNull(LibraryTokenizers.BytePairs("", folder).DifferenceOn("Hello"), Agrees);
        Assert.IsNotNull(LibraryTokenizers.BytePairsOfWords("", folder).DifferenceOn("Hello"), Agrees);
    }

    [TestMethod]
    [DataRow("The quick brown fox, 1984: 3.14 café 日本語 😀")]
    [DataRow("a\uD83D \uFFFD<|im_start|>  \n\n\tx")]
    [DataRow("it's we'll  don't")]
    public void Everything_else_is_equal(string text)
    {
        Assert.IsNull(LibraryTokenizers.BytePairs("", Goldens.Root("llm/tokenizers/qwen-bpe")).DifferenceOn(text));
        Assert.IsNull(LibraryTokenizers.BytePairsOfWords("", Goldens.Root("llm/tokenizers/smollm2")).DifferenceOn(text));
        Assert.IsNull(Llama.Value.DifferenceOn(text));
    }
}
