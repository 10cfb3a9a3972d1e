using Microsoft.ML.Gmt.Llm;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaThreadTests
{
    [TestMethod]
    public void Many_threads_that_share_a_model_get_what_one_thread_gets()
    {
        using IDisposable thread = TinyLlama.OneThread();
        using LlamaModel model = TinyLlama.Create();
        GreedyDecoder decoder = new(model, new GreedyOptions { MaxNewTokens = 6, StopAtEndOfSequence = false });
        ContinuationScorer scorer = new(model);
        string[] expected = [.. Enumerable.Range(0, 24).Select(Answer)];
        string[] actual = new string[expected.Length];
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(thread => new Thread(() =>
        {
            for (int task = thread; task < actual.Length; task += 6)
            {
                actual[task] = Answer(task);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        CollectionAssert.AreEqual(expected, actual);

        string Answer(int task)
        {
            int[][] prompts = [TinyLlama.Prompt(3 + (task % 7), task), TinyLlama.Prompt(5, task + 100)];
            double[] scores = scorer.ScoreContinuations([new ContinuationQuery(prompts[0], [[4, 5, 6], [4, 7]])])[0];
            return $"{string.Join(' ', decoder.Generate(prompts).SelectMany(row => row))} {string.Join(' ', scores.Select(BitConverter.DoubleToInt64Bits))}";
        }
    }
}
