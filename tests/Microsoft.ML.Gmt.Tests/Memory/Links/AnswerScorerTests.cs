using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class AnswerScorerTests
{
    private static readonly string[] Answers = ["Bern", "Bern Airport", "Rome", "Rome"];

    [TestMethod]
    [GoldenCases("reference/memory", "outputs.safetensors")]
    public void Answers_of_a_shared_prompt_have_the_likelihoods_of_whole_texts(string folder)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using MemoryGolden golden = MemoryGolden.Trained(folder);
        TextTokenizer tokenizer = TokenizerFolder.Load(golden.Beside("tokenizer"));
        string[] prompts = ["( ada, lives in, ? )\nWhich tail?\n", "x"];
        Triple[] triples = [new Triple(0, 1, 0), new Triple(3, 0, 3)];
        Tensor memory = golden.Model.Encoder.Encode(golden.Model.CollectEvidence(triples, QueryMask.Full));
        IReadOnlyList<double[]> scores = new AnswerScorer(golden.BaseModel, tokenizer).Score(
            prompts, [Answers, Answers], golden.Model.Read(memory).Hook, default);
        for (int row = 0; row < prompts.Length; row++)
        {
            int[][] texts =
            [
                .. Answers.Select(answer => tokenizer.Encode(prompts[row] + answer).ToArray())
                    .Select(ids => tokenizer.EndOfSequenceId is { } end && ids[^1] != end ? [.. ids, end] : ids),
            ];
            Tensor own = golden.Model.Encoder.Encode(golden.Model.CollectEvidence([triples[row]], QueryMask.Full));
            double[] whole = Array.ConvertAll(texts, text => LogLikelihood(golden, own, text));
            for (int answer = 1; answer < Answers.Length; answer++)
            {
                // What all texts share is left out, so differences compare.
                Assert.AreEqual(whole[answer] - whole[0], scores[row][answer] - scores[row][0], 1e-3, $"{prompts[row]}{Answers[answer]}");
            }

            Assert.AreEqual(scores[row][2], scores[row][3]);
        }
    }

    private static double LogLikelihood(MemoryGolden golden, Tensor memory, int[] text)
    {
        using var scope = NewDisposeScope();
        Tensor ids = tensor(text.Select(id => (long)id).ToArray()).unsqueeze(0);
        Tensor logs = golden.Model.Forward(ids, null, memory).log_softmax(-1);
        return Enumerable.Range(1, text.Length - 1).Sum(place => logs[0, place - 1, text[place]].item<float>());
    }
}
