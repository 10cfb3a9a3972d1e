using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class ContinuationScorerTests
{
    // Sums of a few log-probabilities of absolute value up to 30 in fp32.
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void A_score_is_the_sum_of_log_probabilities_of_the_whole_text_read_plainly()
    {
        using IDisposable thread = TinyLlama.OneThread();
        using LlamaModel model = TinyLlama.Create();
        ContinuationScorer scorer = new(model);

        // Few token ids, so that continuations share beginnings, repeat and are prefixes of each other.
        Gen<int[]> tokens = Gen.Choose(3, 6).ArrayOf().Where(list => list.Length is > 0 and < 9);
        Gen<ContinuationQuery> query = from prompt in tokens
                                       from continuations in tokens.ArrayOf().Where(list => list.Length is > 0 and < 6)
                                       select new ContinuationQuery(prompt, continuations);
        Gen<ContinuationQuery[]> batches = query.ArrayOf().Where(list => list.Length is > 0 and < 5);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(25), Prop.ForAll(Arb.From(batches), batch =>
        {
            IReadOnlyList<double[]> scores = scorer.ScoreContinuations(batch);
            for (int row = 0; row < batch.Length; row++)
            {
                for (int index = 0; index < batch[row].Continuations.Count; index++)
                {
                    double expected = PlainScore(model, batch[row].Prompt, batch[row].Continuations[index]);
                    Assert.AreEqual(expected, scores[row][index], Tolerance);
                }
            }
        }));
    }

    [TestMethod]
    public void Scores_of_all_single_tokens_are_a_distribution()
    {
        using LlamaModel model = TinyLlama.Create();
        IReadOnlyList<int>[] every = [.. Enumerable.Range(0, model.Config.VocabularySize).Select(token => (int[])[token])];
        double[] scores = new ContinuationScorer(model).ScoreContinuations([new ContinuationQuery(TinyLlama.Prompt(6, seed: 3), every)])[0];
        Assert.AreEqual(1, scores.Sum(Math.Exp), 1e-5);
    }

    [TestMethod]
    public void Texts_are_split_where_they_begin_to_differ()
    {
        ContinuationQuery query = ContinuationQuery.Split([[1, 5, 6, 7], [1, 5, 8], [1, 5, 6, 9, 9]]);
        CollectionAssert.AreEqual((int[])[1, 5], query.Prompt.ToArray());
        CollectionAssert.AreEqual((int[])[6, 7], query.Continuations[0].ToArray());
        CollectionAssert.AreEqual((int[])[8], query.Continuations[1].ToArray());
        CollectionAssert.AreEqual((int[])[6, 9, 9], query.Continuations[2].ToArray());
    }

    [TestMethod]
    public void Scores_of_a_long_padded_prompt_are_those_of_the_prompt_alone()
    {
        // Longer than the attention kernel's blocks of keys, so that whole blocks are padding.
        using LlamaModel model = TinyLlama.Create();
        ContinuationQuery small = new(TinyLlama.Prompt(3, 1), [[4, 5, 6], [4, 9]]);
        ContinuationQuery large = new(TinyLlama.Prompt(1200, 2), [[7]]);
        ContinuationScorer scorer = new(model);
        double[] alone = scorer.ScoreContinuations([small])[0];
        double[] padded = scorer.ScoreContinuations([small, large])[0];
        Assert.AreEqual(alone[0], padded[0], Tolerance);
        Assert.AreEqual(alone[1], padded[1], Tolerance);
    }

    [TestMethod]
    public void Answers_are_tokenised_together_with_their_prompt()
    {
        // "ab" is one token, so the prompt's last letter belongs to the answer's first token.
        ContinuationQuery query = ContinuationQuery.FromText(new PairTokenizer(), "xa", ["bc", "dc"]);
        CollectionAssert.AreEqual((int[])[1, 'x'], query.Prompt.ToArray());
        CollectionAssert.AreEqual((int[])[256, 'c'], query.Continuations[0].ToArray());
        CollectionAssert.AreEqual((int[])['a', 'd', 'c'], query.Continuations[1].ToArray());
    }

    [TestMethod]
    public void A_text_that_begins_another_keeps_a_token_to_be_scored()
    {
        ContinuationQuery query = ContinuationQuery.Split([[1, 5, 6], [1, 5, 6, 7]]);
        CollectionAssert.AreEqual((int[])[1, 5], query.Prompt.ToArray());
        CollectionAssert.AreEqual((int[])[6], query.Continuations[0].ToArray());
        CollectionAssert.AreEqual((int[])[6, 7], query.Continuations[1].ToArray());
    }

    [TestMethod]
    public void Texts_without_a_common_first_token_are_refused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ContinuationQuery.Split([[3, 4], [4, 4]])).Message, "begin-of-sequence");

    private static double PlainScore(LlamaModel model, IReadOnlyList<int> prompt, IReadOnlyList<int> continuation)
    {
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor logProbabilities = model.Forward(TinyLlama.Row(prompt.Concat(continuation))).squeeze(0).log_softmax(-1);
        return continuation.Select((token, index) => (double)logProbabilities[prompt.Count - 1 + index, token].item<float>()).Sum();
    }

    /// <summary>A token for each letter, but one for "ab".</summary>
    private sealed class PairTokenizer : TextTokenizer
    {
        public override int VocabularySize => 257;

        public override int? BeginOfSequenceId => 1;

        public override int? EndOfSequenceId => null;

        public override int? PadId => null;

        public override int? UnknownId => null;

        public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) => throw new NotSupportedException();

        internal override string? TokenOf(int id) => throw new NotSupportedException();

        private protected override void Tokenize(string text, EncodeSettings settings, bool addSpecialTokens, TokenList tokens) =>
            tokens.Ids.AddRange([1, .. text.Replace("ab", "\u0100", StringComparison.Ordinal).Select(letter => (int)letter)]);
    }
}
