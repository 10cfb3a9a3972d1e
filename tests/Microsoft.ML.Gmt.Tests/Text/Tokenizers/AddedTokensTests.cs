using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class AddedTokensTests
{
    private static readonly AddedTokens Tokens = new(
    [
        new AddedToken(1, "cat", Special: false, SingleWord: true),
        new AddedToken(2, "<mask>", Special: true, StripLeft: true, StripRight: true),
        new AddedToken(3, "<s>", Special: true),
        new AddedToken(4, "<s>2", Special: true),
        new AddedToken(5, "", Special: false),
    ]);

    [TestMethod]
    [DataRow("", "")]
    [DataRow("no token", "[no token]")]
    [DataRow("<s>a<s><s>", "3[a]33")]
    [DataRow("<s>2 <s>3", "4[ ]3[3]", DisplayName = "the longest of several")]
    [DataRow("a cat, cat", "[a ]1[, ]1", DisplayName = "a single word")]
    [DataRow("concatenate cats cat_ cat\u0301", "[concatenate cats cat_ cat\u0301]", DisplayName = "parts of words")]
    [DataRow("a \t<mask>\n b<mask>c", "[a]2[b]2[c]", DisplayName = "white space that is swallowed")]
    [DataRow("<s> <mask> <s>", "323", DisplayName = "up to the token before")]
    public void Texts_are_cut_at_tokens(string text, string expected) =>
        Assert.AreEqual(
            expected, string.Concat(Tokens.Split(text).Select(part => part.Token is { } token ? $"{token.Id}" : $"[{text[part.Range]}]")));

    [TestMethod]
    public void Words_added_to_a_sentencepiece_vocabulary_stand_between_spaces()
    {
        using var folder = new TemporaryFolder();
        string source = Goldens.Root("reference/tokenizer");
        folder.With("tokenizer.model", File.ReadAllBytes(Path.Combine(source, "tokenizer.model")));
        TextTokenizer plain = TokenizerFolder.Load(folder.Path);
        int id = plain.VocabularySize;
        folder.With("tokenizer_config.json", $$"""{ "added_tokens_decoder": { "{{id}}": { "content": "qqword" } } }""");

        TextTokenizer tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.AreEqual(id + 1, tokenizer.VocabularySize);
        Assert.AreEqual("qqword", tokenizer.TokenOf(id));
        CollectionAssert.Contains(tokenizer.Encode("a qqword b").ToArray(), id);
        CollectionAssert.DoesNotContain(plain.Encode("a qqword b").ToArray(), id);
        int[] a = [.. plain.Encode("a", addSpecialTokens: false)], b = [.. plain.Encode("b", addSpecialTokens: false)];
        Assert.AreEqual("a qqword b", tokenizer.Decode([.. a, id, .. b]));
        Assert.AreEqual("qqword qqword", tokenizer.Decode([id, id]));
    }
}
