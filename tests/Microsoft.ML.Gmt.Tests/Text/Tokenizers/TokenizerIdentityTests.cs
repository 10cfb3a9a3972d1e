using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class TokenizerIdentityTests
{
    [TestMethod]
    public void There_are_sixty_four_different_texts()
    {
        Assert.HasCount(64, ProbeTexts.All);
        Assert.HasCount(64, ProbeTexts.All.Distinct(StringComparer.Ordinal));
    }

    [TestMethod]
    public void An_identity_stays_what_it_was() => Assert.AreEqual(
        new TokenizerIdentity("Microsoft.ML.Tokenizers.BpeTokenizer", "a975fe085827f2bd8fb8a1cd8e5587e7592342fc7a539d1240b6cc1a2b751d11"),
        TokenizerIdentity.Of(TokenizerKinds.WrapBytePairs()),
        "saved models hold it: neither the texts nor the way to hash may change");

    [TestMethod]
    public void Another_merge_another_special_token_and_another_type_are_told_apart()
    {
        TokenizerIdentity identity = TokenizerIdentity.Of(TokenizerKinds.WrapBytePairs());
        Assert.IsNull(identity.DifferenceTo(TokenizerIdentity.Of(TokenizerKinds.WrapBytePairs())));
        var merged = TokenizerIdentity.Of(TokenizerKinds.WrapBytePairs("t h", "h e"));
        StringAssert.Contains(identity.DifferenceTo(merged), "makes other tokens");
        StringAssert.Contains(identity.DifferenceTo(TokenizerIdentity.Of(TokenizerKinds.WrapLlama())), "LlamaTokenizer");
    }
}
