using System.Text;
using Examples.TinyLlama;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Examples;

[TestClass]
public sealed class BytePairTrainerTests
{
    [TestMethod]
    public void The_most_frequent_pair_becomes_the_first_token_and_ties_go_to_the_lowest_ids()
    {
        (
            IReadOnlyList<byte[]> tokens,
            IReadOnlyList<(int Left, int Right)> merges) = BytePairTrainer.Train(["abab", "abab", "cd", "cd"], 259);
        Assert.AreEqual(('a', 'b'), ((char)merges[0].Left, (char)merges[0].Right));
        Assert.AreEqual(('c', 'd'), ((char)merges[1].Left, (char)merges[1].Right));
        Assert.AreEqual("abab", Encoding.ASCII.GetString(tokens[258]));
    }

    [TestMethod]
    public void Pairs_that_occur_once_are_not_merged()
    {
        Assert.HasCount(256, BytePairTrainer.Train(["abc"], 1_000).Tokens);
    }

    [TestMethod]
    public void A_trained_tokenizer_gives_every_text_back()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["( Gaspard Monge, country of citizenship, France )", "( Élise, 1984, Zürich )", "( Gaspard, country, Zürich )"];
        (IReadOnlyList<byte[]> tokens, IReadOnlyList<(int Left, int Right)> merges) = BytePairTrainer.Train(texts, 300);
        TokenizerFiles.Write(folder.Path, tokens, merges, 128);
        TextTokenizer tokenizer = TokenizerFolder.Load(folder.Path);
        Assert.AreEqual(TokenizerFiles.FirstId + tokens.Count, tokenizer.VocabularySize);
        Assert.AreEqual(TokenizerFiles.BeginId, tokenizer.Encode("x")[0]);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<string>(text =>
        {
            // Unpaired surrogates are no text; they become U+FFFD.
            string valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
            return tokenizer.Decode(tokenizer.Encode(valid)) == valid;
        }));
    }
}
