using Microsoft.ML.Gmt.Llm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class GreedyDecoderTests
{
    [TestMethod]
    public void Each_row_ends_with_its_own_end_of_sequence_token()
    {
        using LlamaModel model = TinyLlama.Create();
        int[][] prompts = [TinyLlama.Prompt(6, 1), TinyLlama.Prompt(2, 2), TinyLlama.Prompt(9, 3)];
        GreedyOptions full = new() { MaxNewTokens = 12, StopAtEndOfSequence = false };
        int[][] unstopped = [.. new GreedyDecoder(model, full).Generate(prompts).Select(row => row.ToArray())];
        Assert.IsTrue(Array.TrueForAll(unstopped, row => row.Length == 12));

        // Declare tokens that rows generate in the middle to be the end, so that rows end at different steps.
        int[] ends = [unstopped[0][3], unstopped[1][7]];
        IReadOnlyList<IReadOnlyList<int>> stopped =
            new GreedyDecoder(model, new GreedyOptions { MaxNewTokens = 12, EndOfSequenceIds = ends }).Generate(prompts);
        for (int row = 0; row < prompts.Length; row++)
        {
            int end = Array.FindIndex(unstopped[row], ends.Contains);
            CollectionAssert.AreEqual(end < 0 ? unstopped[row] : unstopped[row][..(end + 1)], stopped[row].ToArray());
        }

        Assert.IsLessThan(12, stopped[0].Count);
    }

    [TestMethod]
    public void No_new_tokens_and_no_prompts_are_no_work()
    {
        using LlamaModel model = TinyLlama.Create();
        Assert.IsEmpty(new GreedyDecoder(model, new GreedyOptions { MaxNewTokens = 0 }).Generate([[4, 5]])[0]);
        Assert.IsEmpty(new GreedyDecoder(model).Generate([]));
    }

    [TestMethod]
    public void Generation_stops_at_once_when_all_rows_have_ended()
    {
        using LlamaModel model = TinyLlama.Create();
        int passes = 0;
        Tensor Count(int layer, Tensor hidden, AttentionContext context)
        {
            passes += layer == 0 ? 1 : 0;
            return hidden;
        }

        int[] everything = [.. Enumerable.Range(0, model.Config.VocabularySize)];
        new GreedyDecoder(model, new GreedyOptions { EndOfSequenceIds = everything }).Generate([[4, 5], [6]], Count);
        Assert.AreEqual(1, passes);
    }

    [TestMethod]
    public void Cancelling_ends_the_generation_between_two_tokens()
    {
        using LlamaModel model = TinyLlama.Create();
        using CancellationTokenSource source = new();
        int passes = 0;
        Tensor CancelInThirdPass(int layer, Tensor hidden, AttentionContext context)
        {
            if (layer == 0 && ++passes == 3)
            {
                source.Cancel();
            }

            return hidden;
        }

        GreedyDecoder decoder = new(model, new GreedyOptions { StopAtEndOfSequence = false });
        Assert.ThrowsExactly<OperationCanceledException>(() => decoder.Generate([[4, 5]], CancelInThirdPass, source.Token));
        Assert.AreEqual(3, passes);
    }

    [TestMethod]
    public void An_empty_prompt_is_refused()
    {
        using LlamaModel model = TinyLlama.Create();
        string message = Assert.ThrowsExactly<ArgumentException>(() => new GreedyDecoder(model).Generate([[4], []])).Message;
        StringAssert.Contains(message, "Row 1");
    }

    [TestMethod]
    [DataRow(61)]
    [DataRow(-1)]
    public void A_token_outside_the_vocabulary_is_refused_by_row_and_place(int token)
    {
        using LlamaModel model = TinyLlama.Create();
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new GreedyDecoder(model).Generate([[4], [5, token]])).Message;
        StringAssert.Contains(message, "Token 1 of row 1");
        StringAssert.Contains(message, "61 tokens");
        message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new ContinuationScorer(model).ScoreContinuations([new ContinuationQuery([4], [[5], [6, 7, token]])])).Message;
        StringAssert.Contains(message, "Token 2 of continuation 1 of row 0");
    }
}
